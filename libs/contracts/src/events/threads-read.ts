import { z } from 'zod';
import { ThreadMembership } from '../http/threads.js';
import { event } from './envelope.js';

/** To all devices of the reader: how they stand to many threads now. */
export const ThreadsRead = event('threads.read', z.object({ memberships: z.array(ThreadMembership) }));
export type ThreadsRead = z.infer<typeof ThreadsRead>;
