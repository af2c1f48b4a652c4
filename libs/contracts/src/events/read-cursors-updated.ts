import { z } from 'zod';
import { ReadCursor } from '../http/channels.js';
import { event } from './envelope.js';

/** To all devices of the reader: many channels were marked as read at once. */
export const ReadCursorsUpdated = event('read_cursors.updated', z.object({ cursors: z.array(ReadCursor) }));
export type ReadCursorsUpdated = z.infer<typeof ReadCursorsUpdated>;
