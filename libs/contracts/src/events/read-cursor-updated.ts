import { z } from 'zod';
import { ReadCursor } from '../http/channels.js';
import { event } from './envelope.js';

/** To all devices of the reader. */
export const ReadCursorUpdated = event('read_cursor.updated', ReadCursor);
export type ReadCursorUpdated = z.infer<typeof ReadCursorUpdated>;
