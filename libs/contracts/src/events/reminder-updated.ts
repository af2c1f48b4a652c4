import { z } from 'zod';
import { Reminder } from '../http/reminders.js';
import { event } from './envelope.js';

/** To all devices of whom it reminds: it is new, was changed, is due, was snoozed or completed. */
export const ReminderUpdated = event('reminder.updated', z.object({ reminder: Reminder }));
export type ReminderUpdated = z.infer<typeof ReminderUpdated>;
