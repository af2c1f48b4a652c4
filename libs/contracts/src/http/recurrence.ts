import { z } from 'zod';
import { Timestamp } from '../ids.js';

export const Weekday = z.enum(['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su']);
export type Weekday = z.infer<typeof Weekday>;

const isTimeZone = (name: string): boolean => {
  // Offsets like +02:00 know nothing of daylight saving.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/**
 * Again at the same time of day, as the clocks in the time zone show it. What would be after the last day of a
 * month is on its last day; what daylight saving leaves out is an hour later.
 */
export const Recurrence = z
  .strictObject({
    freq: z.enum(['daily', 'weekly', 'monthly']),
    /** Every so many days, weeks (beginning on Monday) or months. */
    interval: z.int().min(1).max(99).default(1),
    /** Of a weekly recurrence; the first time is on one of them. */
    weekdays: z.array(Weekday).min(1).max(7).optional(),
    /** Not after this. */
    until: Timestamp.optional(),
    /** So often altogether. */
    count: z.int().min(1).max(1000).optional(),
    /** Of the IANA database: `Europe/London`. */
    timeZone: z.string().max(64).refine(isTimeZone, 'is not a time zone of the IANA database'),
  })
  .refine(({ freq, weekdays }) => freq === 'weekly' || weekdays === undefined, {
    path: ['weekdays'],
    message: 'are for a weekly recurrence',
  })
  .refine(({ weekdays = [] }) => new Set(weekdays).size === weekdays.length, {
    path: ['weekdays'],
    message: 'must not repeat a day',
  })
  .refine(({ until, count }) => until === undefined || count === undefined, {
    path: ['count'],
    message: 'until and count exclude each other',
  });
export type Recurrence = z.infer<typeof Recurrence>;
