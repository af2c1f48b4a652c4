import { z } from 'zod';
import { ReminderId } from '../ids.js';
import { event } from './envelope.js';

/** To all devices of whom it reminded. */
export const ReminderDeleted = event('reminder.deleted', z.object({ reminderId: ReminderId }));
export type ReminderDeleted = z.infer<typeof ReminderDeleted>;
