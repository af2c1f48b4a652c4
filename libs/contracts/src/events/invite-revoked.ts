import { z } from 'zod';
import { InviteId } from '../ids.js';
import { event } from './envelope.js';

/** The invite lets nobody in any more: it was revoked, or another took its place. */
export const InviteRevoked = event('invite.revoked', z.object({ inviteId: InviteId }));
export type InviteRevoked = z.infer<typeof InviteRevoked>;
