import { z } from 'zod';
import { Invite } from '../http/workspaces.js';
import { event } from './envelope.js';

/** Somebody came in by an invite; the highest `invite.uses` wins. */
export const InviteUsed = event('invite.used', z.object({ invite: Invite }));
export type InviteUsed = z.infer<typeof InviteUsed>;
