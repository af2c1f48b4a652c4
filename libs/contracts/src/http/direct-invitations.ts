import { z } from 'zod';
import { ChannelId, DirectInvitationId, Timestamp, UserId, WorkspaceId } from '../ids.js';

/** The proposal to add a person to a conversation, with all that was said in it. Everyone in it has to agree. */
export const DirectInvitation = z.object({
  id: DirectInvitationId,
  workspaceId: WorkspaceId,
  channelId: ChannelId,
  /** Who is to be added. */
  userId: UserId,
  proposedBy: UserId,
  state: z.enum(['pending', 'accepted', 'declined', 'expired']),
  acceptedBy: z.array(UserId),
  declinedBy: UserId.nullable(),
  createdAt: Timestamp,
  /** After this a pending one has expired; nothing is sent then. */
  expiresAt: Timestamp,
  /** Grows with every answer: of two, the higher is the newer. */
  version: z.int(),
});
export type DirectInvitation = z.infer<typeof DirectInvitation>;

export const ProposeDirectMember = z.strictObject({ userId: UserId });
export type ProposeDirectMember = z.infer<typeof ProposeDirectMember>;
