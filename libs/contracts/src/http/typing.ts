import { z } from 'zod';
import { MessageId } from '../ids.js';

export const ReportTyping = z.strictObject({
  /** `start` again every few seconds while writing; `stop` when it was given up. Sending ends it, too. */
  state: z.enum(['start', 'stop']),
  threadId: MessageId.optional(),
});
export type ReportTyping = z.infer<typeof ReportTyping>;
