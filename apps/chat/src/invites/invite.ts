import { createHash, randomBytes } from 'node:crypto';
import type { Invite as InviteView } from '#contracts';
import type { Invite } from './invite.entity.js';

/** Only the hash of a link is stored. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
export const newToken = (): { token: string; hash: Buffer } => {
  const token = randomBytes(24).toString('base64url');
  return { token, hash: hashOf(token) };
};

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
