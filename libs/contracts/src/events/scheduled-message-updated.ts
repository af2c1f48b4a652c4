import { z } from 'zod';
import { ScheduledMessage } from '../http/scheduled-messages.js';
import { event } from './envelope.js';

/** To all devices of its author: it is new, was changed, is being sent, waits for its next time or has failed. */
export const ScheduledMessageUpdated = event(
  'scheduled_message.updated',
  z.object({ scheduledMessage: ScheduledMessage }),
);
export type ScheduledMessageUpdated = z.infer<typeof ScheduledMessageUpdated>;
