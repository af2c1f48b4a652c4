import { describe, expect, it } from '@jest/globals';
import { may, mayRemoveFromChannel } from './permission.js';

describe('permissions', () => {
  it('owners may do whatever admins may, and admins whatever members may', () => {
    const actions = [
      'channel.create',
      'invite.create',
      'invite.list',
      'invite.revoke_any',
      'member.remove',
      'owner.remove',
      'message.delete_any',
      'channel.remove_member',
    ] as const;
    for (const action of actions) {
      if (may('member', action)) expect(may('admin', action)).toBe(true);
      if (may('admin', action)) expect(may('owner', action)).toBe(true);
    }
  });

  it('bots may nothing, and only owners remove owners', () => {
    expect(may('bot', 'channel.create')).toBe(false);
    expect([may('owner', 'owner.remove'), may('admin', 'owner.remove')]).toEqual([true, false]);
  });

  it('channel admins and workspace admins remove people from a channel; members do not', () => {
    expect(mayRemoveFromChannel('member', 'admin')).toBe(true);
    expect(mayRemoveFromChannel('admin', null)).toBe(true);
    expect(mayRemoveFromChannel('member', 'member')).toBe(false);
  });
});
