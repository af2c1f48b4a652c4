import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import type { ChannelId, DirectInvitation, UserId, WorkspaceId } from '#contracts';
import { answer, EXPIRES_AFTER_MS, propose, stateAt, type InvitationRow } from './direct-invitation.js';

const u = (n: number) => `u${n}` as UserId;
const start = new Date('2026-01-15T09:30:00Z');
const later = (ms: number) => new Date(+start + ms);
const invitation = propose(
  {
    id: 'i' as DirectInvitation['id'],
    workspaceId: 'w' as WorkspaceId,
    channelId: 'c' as ChannelId,
    userId: u(9),
    proposedBy: u(0),
  },
  start,
);

const voters = fc.uniqueArray(fc.nat(4).map(u), { minLength: 1 }).map((ids) => new Set(ids));
const step = fc.record({
  userId: fc.nat(5).map(u),
  given: fc.constantFrom('accept' as const, 'decline' as const),
  voters,
  at: fc.nat(2 * EXPIRES_AFTER_MS).map(later),
});
const run = (steps: (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) =>
  steps.reduce(
    (states, { userId, given, voters: people, at }) => {
      const last = states.at(-1) as InvitationRow;
      const next = answer(last, userId, given, people, at);
      return typeof next === 'string' ? states : [...states, next];
    },
    [invitation] as InvitationRow[],
  );

describe('adding a person to a conversation', () => {
  test.prop([fc.array(step, { maxLength: 20 })])('is decided once and for all', (steps) => {
    const states = run(steps);
    expect(states.slice(0, -1).every(({ state }) => state === 'pending')).toBe(true);
    expect(states.map(({ version }) => version)).toEqual(states.map((_, index) => index));
    const declined = states.filter(({ declinedBy }) => declinedBy !== null);
    expect(declined.every(({ state }) => state === 'declined')).toBe(true);
  });

  test.prop([fc.array(step, { maxLength: 20 })])(
    'happens only when everyone who is in it at that moment has agreed',
    (steps) => {
      let last = invitation;
      for (const { userId, given, voters: people, at } of steps) {
        const next = answer(last, userId, given, people, at);
        if (typeof next === 'string') continue;
        expect(next.state === 'accepted').toBe(
          given === 'accept' && [...people].every((voter) => next.acceptedBy.includes(voter)),
        );
        expect(+at).toBeLessThan(+next.expiresAt);
        expect(people.has(userId)).toBe(true);
        last = next;
      }
    },
  );

  test.prop([voters, fc.array(fc.nat(100))])(
    'does not depend on the order of the answers',
    (people, keys) => {
      const order = [...people].sort((a, b) => (keys[+a.slice(1)] ?? 0) - (keys[+b.slice(1)] ?? 0));
      const result = order.reduce<InvitationRow>((state, userId) => {
        const next = answer(state, userId, 'accept', people, start);
        if (typeof next === 'string') throw new Error(next);
        return next;
      }, invitation);
      expect(result.state).toBe('accepted');
      expect(new Set(result.acceptedBy)).toEqual(people);
    },
  );

  it('runs out after a week, without anybody doing anything', () => {
    const people = new Set([u(0), u(1)]);
    expect(stateAt(invitation, later(EXPIRES_AFTER_MS - 1))).toBe('pending');
    expect(stateAt(invitation, later(EXPIRES_AFTER_MS))).toBe('expired');
    expect(answer(invitation, u(1), 'accept', people, later(EXPIRES_AFTER_MS))).toBe('expired');
  });

  it('counts nobody from outside, and nothing after the end', () => {
    const people = new Set([u(0), u(1)]);
    expect(answer(invitation, u(9), 'accept', people, start)).toBe('no_voter');
    const declined = answer(invitation, u(1), 'decline', people, start) as InvitationRow;
    expect(declined).toMatchObject({ state: 'declined', declinedBy: u(1) });
    expect(answer(declined, u(0), 'accept', people, start)).toBe('decided');
  });

  it('does not wait for who has left', () => {
    const one = answer(invitation, u(0), 'accept', new Set([u(0), u(1)]), start) as InvitationRow;
    expect(one.state).toBe('pending');
    expect(answer(one, u(0), 'accept', new Set([u(0)]), start)).toMatchObject({ state: 'accepted' });
  });
});
