import { z } from 'zod';
import { DirectInvitation } from '../http/direct-invitations.js';
import { event } from './envelope.js';

/** Proposed or answered. To those in the conversation; the person learns of it by being added. */
export const DirectInvitationUpdated = event(
  'direct_invitation.updated',
  z.object({ invitation: DirectInvitation }),
);
export type DirectInvitationUpdated = z.infer<typeof DirectInvitationUpdated>;
