import { permissions, type ChannelRole, type Permission, type Policy, type WorkspaceRole } from '#contracts';

export { permissions, type Permission } from '#contracts';

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

/** What makes a member one, whatever the custom role: the streams of members are filled by it. */
const everyMember: readonly Permission[] = ['member.list', 'channel.browse'];

/** What a workspace can keep to its admins by a setting. */
export const governed: Partial<Record<Permission, keyof Policy>> = {
  'channel.create': 'createChannels',
  'invite.create': 'invite',
  'message.mention_channel': 'mentionChannel',
};

/** Guests see only the channels they are in, and only the people they share one with. */
export const isGuest = (role: WorkspaceRole): boolean => role === 'guest' || role === 'single_channel_guest';

/** How someone stands in a workspace: the role, a member's custom role, and the workspace's settings. */
export type Standing = {
  workspaceRole: WorkspaceRole;
  /** They replace those of the role `member`; other roles have no custom ones. */
  customPermissions?: readonly Permission[] | null;
  whoMay?: Policy;
};

/**
 * Whether someone may do this in a workspace: the one place that decides it. Denied unless listed. A
 * setting restricts the built-in roles below admin; what a custom role names it has been given on purpose.
 */
export const allows = (standing: Standing, permission: Permission): boolean => {
  const { workspaceRole, customPermissions, whoMay } = standing;
  if (workspaceRole === 'member' && customPermissions)
    return everyMember.includes(permission) || customPermissions.includes(permission);
  if (!allowed[workspaceRole].includes(permission)) return false;
  if (workspaceRole === 'owner' || workspaceRole === 'admin') return true;
  const setting = governed[permission];
  return setting === undefined || whoMay?.[setting] !== 'admins';
};

export const permissionsOf = (standing: Standing): Permission[] =>
  permissions.filter((permission) => allows(standing, permission));

/** Channel admins may remove people from their channel; so may whoever the workspace allows it. */
export const mayRemoveFromChannel = (standing: Standing & { channelRole: ChannelRole | null }): boolean =>
  standing.channelRole === 'admin' || allows(standing, 'channel.remove_member');
