import type { ChannelRole, WorkspaceRole } from '#contracts';

/** Everything a role can be allowed in a workspace, in the words of docs/permissions.md. */
export const permissions = [
  'workspace.update',
  'workspace.transfer',
  'workspace.delete',
  'workspace.export',
  'workspace.import',
  'role.manage',
  'member.list',
  'member.change_role',
  'member.deactivate',
  'member.remove',
  'member.bulk',
  'owner.manage',
  'invite.create',
  'invite.manage',
  'channel.browse',
  'channel.create',
  'channel.manage',
  'channel.remove_member',
  'direct.create',
  'message.delete_any',
  'message.move_any',
  'message.pin',
  'message.mention_channel',
  'message.post_restricted',
  'poll.create',
  'emoji.create',
  'emoji.delete_any',
  'group.manage',
] as const;
export type Permission = (typeof permissions)[number];

const member: readonly Permission[] = [
  'member.list',
  'invite.create',
  'channel.browse',
  'channel.create',
  'direct.create',
  'message.pin',
  'message.mention_channel',
  'poll.create',
  'emoji.create',
];
const admin: readonly Permission[] = [
  ...member,
  'workspace.update',
  'workspace.export',
  'workspace.import',
  'role.manage',
  'member.change_role',
  'member.deactivate',
  'member.remove',
  'member.bulk',
  'invite.manage',
  'channel.manage',
  'channel.remove_member',
  'message.delete_any',
  'message.move_any',
  'message.post_restricted',
  'emoji.delete_any',
  'group.manage',
];
const guest: readonly Permission[] = ['direct.create', 'poll.create'];

const allowed: Record<WorkspaceRole, readonly Permission[]> = {
  owner: permissions,
  admin,
  member,
  guest,
  single_channel_guest: guest,
  bot: ['channel.browse', 'member.list', 'message.mention_channel', 'poll.create'],
};

/** Guests see only the channels they are in, and only the people they share one with. */
export const isGuest = (role: WorkspaceRole): boolean => role === 'guest' || role === 'single_channel_guest';

/** How someone stands in a workspace; a custom role's permissions replace those of the built-in role. */
export type Standing = {
  workspaceRole: WorkspaceRole;
  customPermissions?: readonly Permission[] | null;
};

/** Whether someone may do this in a workspace. Denied unless listed. */
export const allows = (standing: Standing, permission: Permission): boolean =>
  (standing.customPermissions ?? allowed[standing.workspaceRole]).includes(permission);

/** Channel admins may remove people from their channel; so may whoever the workspace allows it. */
export const mayRemoveFromChannel = (standing: Standing & { channelRole: ChannelRole | null }): boolean =>
  standing.channelRole === 'admin' || allows(standing, 'channel.remove_member');
