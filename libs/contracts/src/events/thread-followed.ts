import { z } from 'zod';
import { ThreadMembership } from '../http/threads.js';
import { event } from './envelope.js';

/** To all devices of the reader: how they stand to a thread now. */
export const ThreadFollowed = event('thread.followed', z.object({ membership: ThreadMembership }));
export type ThreadFollowed = z.infer<typeof ThreadFollowed>;
