import { z } from 'zod';
import { Timestamp } from '../ids.js';

/** `HH:MM`, as a clock on the wall shows it. */
export const WallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** Quiet from `from` to `to` in the person's time zone; past midnight when `to` is not later than `from`. */
export const QuietHours = z
  .strictObject({
    /** ISO weekdays, 1 is Monday, on which the quiet time begins. */
    days: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .transform((days) => [...new Set(days)].sort((a, b) => a - b)),
    from: WallTime,
    to: WallTime,
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'must differ from the beginning' });
export type QuietHours = z.infer<typeof QuietHours>;

export const Preferences = z.object({
  /** No notifications until then. */
  dndUntil: Timestamp.nullable(),
  quietHours: z.object({ days: z.array(z.int()), from: z.string(), to: z.string() }).nullable(),
  /** False: others don't learn what I have read, and I don't learn what they have. */
  readReceipts: z.boolean(),
  /** Grows with each change. */
  version: z.int(),
});
export type Preferences = z.infer<typeof Preferences>;

/** What is not named stays. */
export const UpdatePreferences = z
  .strictObject({
    dndUntil: Timestamp.nullable(),
    quietHours: QuietHours.nullable(),
    readReceipts: z.boolean(),
  })
  .partial();
export type UpdatePreferences = z.infer<typeof UpdatePreferences>;
