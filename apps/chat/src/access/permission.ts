import type { ChannelRole, WorkspaceRole } from '#contracts';

export type WorkspaceAction =
  | 'channel.create'
  | 'invite.create'
  | 'invite.list'
  | 'invite.revoke_any'
  | 'member.remove'
  | 'owner.remove'
  | 'message.delete_any'
  | 'channel.remove_member';

const allowed: Record<WorkspaceRole, readonly WorkspaceAction[]> = {
  owner: [
    'channel.create',
    'invite.create',
    'invite.list',
    'invite.revoke_any',
    'member.remove',
    'owner.remove',
    'message.delete_any',
    'channel.remove_member',
  ],
  admin: [
    'channel.create',
    'invite.create',
    'invite.list',
    'invite.revoke_any',
    'member.remove',
    'message.delete_any',
    'channel.remove_member',
  ],
  member: ['channel.create', 'invite.create'],
  bot: [],
};

/** What a role may do in a workspace. Denied unless listed. */
export const may = (role: WorkspaceRole, action: WorkspaceAction): boolean => allowed[role].includes(action);

/** Channel admins may remove people from their channel; so may whoever the workspace allows it. */
export const mayRemoveFromChannel = (
  workspaceRole: WorkspaceRole,
  channelRole: ChannelRole | null,
): boolean => channelRole === 'admin' || may(workspaceRole, 'channel.remove_member');
