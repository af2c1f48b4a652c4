import { describe, expect, it } from '@jest/globals';
import { parseEventSubject, SessionRevoked } from '#contracts';
import { aMessageCreated, anEvent, newId } from '#testing';
import { outbound } from '#bus';

describe('an outbound event', () => {
  it('is addressed to its audience and travels as it is', () => {
    const event = aMessageCreated();
    const out = outbound(event, { scope: 'channel', id: event.channelId as string }, 8);
    expect(out.id).toBe(event.id);
    expect(JSON.parse(out.payload)).toEqual(event);
    const address = parseEventSubject(out.subject);
    expect(address).toMatchObject({
      workspace: event.workspaceId,
      scope: 'channel',
      id: event.channelId,
      type: 'message.created',
    });
    expect(address?.partition).toBeLessThan(8);
  });

  it('has no workspace when it is about an account', () => {
    const userId = newId.user();
    const event = anEvent('session.revoked', { sessionId: newId.session() }, { workspaceId: null });
    const out = outbound(SessionRevoked.parse(event), { scope: 'user', id: userId }, 1);
    expect(out.subject).toBe(`evt.v1.0._.user.${userId}.session.revoked`);
  });
});
