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

/** How far a filtered stream has come, although it may not have heard of anything for long. */
export const StreamPosition = z.object({
  type: z.literal('stream.position'),
  data: z.object({ cursor: StreamCursor }),
});
export type StreamPosition = z.infer<typeof StreamPosition>;
