import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { GrantablePermission, permissions, WorkspaceRole, type Permission, type Policy } from '#contracts';
import { allows, governed, mayRemoveFromChannel, permissionsOf } from './permission.js';

const may = (workspaceRole: WorkspaceRole, permission: Permission) => allows({ workspaceRole }, permission);
const whoMay = fc.record({
  createChannels: fc.constantFrom('everyone' as const, 'admins' as const),
  invite: fc.constantFrom('everyone' as const, 'admins' as const),
  mentionChannel: fc.constantFrom('everyone' as const, 'admins' as const),
});
const granted = fc.subarray([...GrantablePermission.options]);
const standings = fc.record({
  workspaceRole: fc.constantFrom(...WorkspaceRole.options),
  customPermissions: fc.option(granted),
  whoMay,
});
const permission = fc.constantFrom(...permissions);

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

  test.prop([granted, whoMay])(
    'a custom role is exactly what it names and what makes a member',
    (custom, who) => {
      const standing = { workspaceRole: 'member', customPermissions: custom, whoMay: who } as const;
      expect(permissionsOf(standing).sort()).toEqual([...custom, 'member.list', 'channel.browse'].sort());
    },
  );

  test.prop([fc.constantFrom(...WorkspaceRole.exclude(['member']).options), granted, permission])(
    'nobody but members has a custom role',
    (workspaceRole, customPermissions, permission) => {
      expect(allows({ workspaceRole, customPermissions }, permission)).toBe(may(workspaceRole, permission));
    },
  );

  test.prop([standings, permission])(
    'settings only ever take away, and not from admins',
    (standing, permission) => {
      const open: Policy = { createChannels: 'everyone', invite: 'everyone', mentionChannel: 'everyone' };
      const without = allows({ ...standing, whoMay: open }, permission);
      const builtIn = standing.workspaceRole !== 'member' || !standing.customPermissions;
      const setting = governed[permission];
      const kept =
        setting !== undefined &&
        standing.whoMay[setting] === 'admins' &&
        builtIn &&
        !['owner', 'admin'].includes(standing.workspaceRole);
      expect(allows(standing, permission)).toBe(without && !kept);
    },
  );

  it('channel admins and workspace admins remove people from a channel; members do not', () => {
    expect(mayRemoveFromChannel({ workspaceRole: 'member', channelRole: 'admin' })).toBe(true);
    expect(mayRemoveFromChannel({ workspaceRole: 'admin', channelRole: null })).toBe(true);
    expect(mayRemoveFromChannel({ workspaceRole: 'member', channelRole: 'member' })).toBe(false);
  });
});
