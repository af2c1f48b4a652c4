import { z } from 'zod';
import { MessageId, ScheduledMessageId } from '../ids.js';
import { event } from './envelope.js';

/** To all devices of its author. */
export const ScheduledMessageRemoved = event(
  'scheduled_message.removed',
  z.object({
    scheduledMessageId: ScheduledMessageId,
    /** What it was sent as the last time; null when it was cancelled. */
    messageId: MessageId.nullable(),
  }),
);
export type ScheduledMessageRemoved = z.infer<typeof ScheduledMessageRemoved>;
