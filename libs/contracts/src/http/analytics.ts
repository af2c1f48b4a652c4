import { z } from 'zod';

export const MessagesPerDayQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(366).default(30),
});
export type MessagesPerDayQuery = z.infer<typeof MessagesPerDayQuery>;
/** Days are UTC, ascending; days without a message are left out. */
export const MessagesPerDay = z.object({
  data: z.array(z.object({ day: z.iso.date(), messages: z.int(), senders: z.int() })),
  nextCursor: z.null(),
});
export type MessagesPerDay = z.infer<typeof MessagesPerDay>;
