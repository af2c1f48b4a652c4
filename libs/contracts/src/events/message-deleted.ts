import { z } from 'zod';
import { Message } from '../http/messages.js';
import { event } from './envelope.js';

export const MessageDeleted = event('message.deleted', z.object({ message: Message }));
export type MessageDeleted = z.infer<typeof MessageDeleted>;
