import { z } from 'zod';
import { Message } from '../http/messages.js';
import { event } from './envelope.js';

export const MessageCreated = event('message.created', z.object({ message: Message }));
export type MessageCreated = z.infer<typeof MessageCreated>;
