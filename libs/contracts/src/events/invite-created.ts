import { z } from 'zod';
import { Invite } from '../http/workspaces.js';
import { event } from './envelope.js';

/** Somebody made an invite. The link itself is shown to its maker only. */
export const InviteCreated = event('invite.created', z.object({ invite: Invite }));
export type InviteCreated = z.infer<typeof InviteCreated>;
