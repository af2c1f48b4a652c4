import { z } from 'zod';
import { Message, ThreadSummary } from '../http/messages.js';
import { event } from './envelope.js';

/** `thread` is how the thread stands after a reply. */
export const MessageCreated = event(
  'message.created',
  z.object({ message: Message, thread: ThreadSummary.optional() }),
);
export type MessageCreated = z.infer<typeof MessageCreated>;
