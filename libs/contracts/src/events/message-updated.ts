import { z } from 'zod';
import { Message } from '../http/messages.js';
import { event } from './envelope.js';

export const MessageUpdated = event('message.updated', z.object({ message: Message }));
export type MessageUpdated = z.infer<typeof MessageUpdated>;
