import type { Invite as InviteView } from '#contracts';
import type { Invite } from './invite.entity.js';

/** Whether an invite still lets someone in. */
export const isOpen = (
  invite: Pick<Invite, 'expiresAt' | 'maxUses' | 'uses' | 'revokedAt'>,
  now: Date,
): boolean =>
  invite.revokedAt === null &&
  invite.expiresAt > now &&
  (invite.maxUses === null || invite.uses < invite.maxUses);

export const presentInvite = (invite: Invite): InviteView => ({
  id: invite.id,
  workspaceId: invite.workspaceId,
  createdBy: invite.createdBy,
  expiresAt: invite.expiresAt.toISOString(),
  maxUses: invite.maxUses,
  uses: invite.uses,
  role: invite.role,
  channelIds: invite.channelIds,
  email: invite.email,
});
