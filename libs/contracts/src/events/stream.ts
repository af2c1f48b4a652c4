import { z } from 'zod';
import { StreamCursor } from '../ids.js';

/** First frame of every stream; `cursor` is where it starts. Made by notify, never stored. */
export const StreamReady = z.object({
  type: z.literal('stream.ready'),
  data: z.object({ cursor: StreamCursor }),
});
export type StreamReady = z.infer<typeof StreamReady>;

/** The cursor given can't be continued: fetch the state again, then go on from this frame's id. */
export const StreamResync = z.object({
  type: z.literal('stream.resync'),
  data: z.object({ reason: z.enum(['expired', 'ahead', 'epoch', 'malformed']), cursor: StreamCursor }),
});
export type StreamResync = z.infer<typeof StreamResync>;
