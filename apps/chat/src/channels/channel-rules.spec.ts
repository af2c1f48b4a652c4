import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { ChannelRole, WorkspaceRole, type UpdateChannel, type UserId } from '#contracts';
import { isGuest } from '../access/permission.js';
import {
  mayBeChannelAdmin,
  mayChangeChannel,
  mayManageChannel,
  successorOf,
  type Candidate,
} from './channel-rules.js';

const workspaceRole = fc.constantFrom(...WorkspaceRole.options);
const standing = fc.record({
  workspaceRole,
  channelRole: fc.option(fc.constantFrom(...ChannelRole.options)),
});
const change: fc.Arbitrary<UpdateChannel> = fc.record(
  {
    name: fc.constant('x'),
    topic: fc.constant('x'),
    description: fc.constant('x'),
    kind: fc.constant('private' as const),
    isDefault: fc.boolean(),
    posting: fc.constantFrom('everyone' as const, 'admins' as const),
    slowModeSeconds: fc.constant(5),
  },
  { requiredKeys: [] },
);

describe('managing a channel', () => {
  test.prop([standing])('guests never do, whatever they were made in the channel', (who) => {
    if (isGuest(who.workspaceRole)) expect(mayManageChannel(who)).toBe(false);
  });

  test.prop([standing, change, change])('a change is refused when any part of it is', (who, one, other) => {
    const both = { ...one, ...other };
    expect(mayChangeChannel(who, both)).toBe(
      Object.entries(both).every(([key, value]) => mayChangeChannel(who, { [key]: value })),
    );
  });

  test.prop([workspaceRole, change])(
    'whoever runs the channel may all that its members may',
    (role, wanted) => {
      const may = (channelRole: 'admin' | 'member' | null) =>
        mayChangeChannel({ workspaceRole: role, channelRole }, wanted);
      if (may('member')) expect(may('admin')).toBe(true);
      if (may(null)) expect(may('member')).toBe(true);
    },
  );

  it('members describe, channel admins manage, workspace admins decide on default channels', () => {
    const member = { workspaceRole: 'member', channelRole: 'member' } as const;
    const channelAdmin = { workspaceRole: 'member', channelRole: 'admin' } as const;
    const admin = { workspaceRole: 'admin', channelRole: null } as const;
    const may = (who: typeof member | typeof channelAdmin | typeof admin) =>
      [{ topic: 'x' }, { name: 'x' }, { isDefault: true }].map((wanted) => mayChangeChannel(who, wanted));
    expect(may(member)).toEqual([true, false, false]);
    expect(may(channelAdmin)).toEqual([true, true, false]);
    expect(may(admin)).toEqual([true, true, true]);
    expect(mayChangeChannel({ ...member, channelRole: null }, { topic: 'x' })).toBe(false);
  });
});

describe('who takes over a channel', () => {
  const candidate: fc.Arbitrary<Candidate> = fc.record({
    userId: fc.uuid({ version: 7 }) as unknown as fc.Arbitrary<UserId>,
    role: fc.constantFrom(...ChannelRole.options),
    workspaceRole,
    joinedAt: fc.date({ min: new Date(0), max: new Date(5), noInvalidDate: true }),
  });
  const members = fc.uniqueArray(candidate, { selector: ({ userId }) => userId, maxLength: 12 });
  const able = (all: Candidate[]) => all.filter((one) => mayBeChannelAdmin(one.workspaceRole));

  test.prop([members])(
    'nobody while there is an admin who can act, somebody as long as anybody can',
    (all) => {
      const successor = successorOf(all);
      if (able(all).some(({ role }) => role === 'admin')) expect(successor).toBeNull();
      else expect(successor === null).toBe(able(all).length === 0);
    },
  );

  test.prop([members])(
    'nobody who was there longer is passed over, in whatever order they are listed',
    (all) => {
      const successor = all.find(({ userId }) => userId === successorOf(all));
      expect(successorOf([...all].reverse())).toBe(successor?.userId ?? null);
      if (!successor) return;
      for (const other of able(all)) expect(+other.joinedAt).toBeGreaterThanOrEqual(+successor.joinedAt);
      expect(mayBeChannelAdmin(successor.workspaceRole)).toBe(true);
    },
  );
});
