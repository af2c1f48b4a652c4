import { describe, expect, it } from '@jest/globals';
import { allows, mayRemoveFromChannel, permissions } from './permission.js';

const may = (
  workspaceRole: Parameters<typeof allows>[0]['workspaceRole'],
  permission: (typeof permissions)[number],
) => allows({ workspaceRole }, permission);

describe('permissions', () => {
  it.each(permissions)(
    '%s: owners may whatever admins may, and admins whatever members may',
    (permission) => {
      if (may('member', permission)) expect(may('admin', permission)).toBe(true);
      expect(may('owner', permission)).toBe(true);
      if (may('single_channel_guest', permission)) expect(may('guest', permission)).toBe(true);
      if (may('guest', permission)) expect(may('member', permission)).toBe(true);
    },
  );

  it('guests and bots may not bring people or channels into being, and only owners touch owners', () => {
    for (const role of ['guest', 'single_channel_guest', 'bot'] as const)
      expect([may(role, 'channel.create'), may(role, 'invite.create')]).toEqual([false, false]);
    expect([may('owner', 'owner.manage'), may('admin', 'owner.manage')]).toEqual([true, false]);
  });

  it("a custom role's permissions replace those of the built-in role", () => {
    const standing = { workspaceRole: 'member', customPermissions: ['emoji.create'] } as const;
    expect([allows(standing, 'emoji.create'), allows(standing, 'channel.create')]).toEqual([true, false]);
  });

  it('channel admins and workspace admins remove people from a channel; members do not', () => {
    expect(mayRemoveFromChannel({ workspaceRole: 'member', channelRole: 'admin' })).toBe(true);
    expect(mayRemoveFromChannel({ workspaceRole: 'admin', channelRole: null })).toBe(true);
    expect(mayRemoveFromChannel({ workspaceRole: 'member', channelRole: 'member' })).toBe(false);
  });
});
