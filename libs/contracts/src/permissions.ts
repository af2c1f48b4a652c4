import { z } from 'zod';

/** Everything a role can be allowed in a workspace; docs/permissions.md has the table. */
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
export const Permission = z.enum(permissions);
export type Permission = z.infer<typeof Permission>;

/** What a custom role can be given. The others belong to owners, or to every member. */
export const GrantablePermission = Permission.exclude([
  'workspace.transfer',
  'workspace.delete',
  'owner.manage',
  'member.list',
  'channel.browse',
]);
export type GrantablePermission = z.infer<typeof GrantablePermission>;
