import { z } from 'zod';
import { Message } from '../http/messages.js';
import { UserId } from '../ids.js';
import { event } from './envelope.js';

/** Who did it with which emoji, and the message as it is now. */
export const ReactionRemoved = event(
  'reaction.removed',
  z.object({ message: Message, emoji: z.string(), userId: UserId }),
);
export type ReactionRemoved = z.infer<typeof ReactionRemoved>;
