import { z } from 'zod';
import { ActivityCursor } from '../http/activity.js';
import { event } from './envelope.js';

/** To all devices of the reader. */
export const ActivityCursorUpdated = event('activity_cursor.updated', z.object({ cursor: ActivityCursor }));
export type ActivityCursorUpdated = z.infer<typeof ActivityCursorUpdated>;
