import { z } from 'zod';
import { UserId } from '../ids.js';
import { event } from './envelope.js';

/** Left (or was removed from) the channel named by `channelId`, or the workspace when that is null. */
export const MemberLeft = event(
  'member.left',
  z.object({
    userId: UserId,
    reason: z.enum(['left', 'removed', 'deactivated']),
    /** Of the membership, of the channel or of the workspace: the highest wins. */
    version: z.int().optional(),
  }),
);
export type MemberLeft = z.infer<typeof MemberLeft>;
