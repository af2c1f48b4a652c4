import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { newId } from '#testing';
import { newTicket, ticketHash, ticketOf, ticketText } from './ticket.js';

describe('a ticket', () => {
  test.prop([
    fc.constantFrom('user' as const, 'bot' as const),
    fc.oneof(fc.constant(Infinity), fc.nat()),
    fc.option(fc.array(fc.string())),
  ])('is for whom it was made', (kind, expiresAt, scopes) => {
    const caller = { userId: newId.user(), sessionId: newId.session(), kind, expiresAt, scopes };
    const ticket = { workspaceId: newId.workspace(), caller };
    expect(ticketOf(ticketText(ticket))).toEqual(ticket);
  });

  it('is unlike any other, and kept under its hash', () => {
    const [one, other] = [newTicket(), newTicket()];
    expect(ticketHash(one)).not.toBe(ticketHash(other));
    expect(ticketHash(one)).toBe(ticketHash(one));
    expect(ticketHash(one)).not.toContain(one);
  });

  it.each([undefined, '', 'x', [newTicket()], `${newTicket()}=`, 'ä'.repeat(43)])('is not %j', (text) => {
    expect(ticketHash(text)).toBeNull();
  });
});
