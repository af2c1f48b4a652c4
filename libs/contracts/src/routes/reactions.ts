import { z } from 'zod';
import { EmojiKey } from '../http/emoji.js';
import { Message } from '../http/messages.js';
import { ReactorPage, ReactorsQuery } from '../http/reactions.js';
import { MessageId } from '../ids.js';
import { withMessage } from './access.js';
import { params, type Route } from './route.js';

const one = z.strictObject({ messageId: MessageId, emoji: EmojiKey });

export const reactionsRoutes = {
  addReaction: {
    method: 'PUT',
    path: '/messages/:messageId/reactions/:emoji',
    service: 'chat',
    tag: 'messages',
    summary: 'React with an emoji of Unicode or `:name:`; again changes nothing',
    access: withMessage,
    params: one,
    status: 200,
    response: Message,
    errors: [
      'message.not_found',
      'message.deleted',
      'channel.not_member',
      'channel.archived',
      'emoji.not_found',
      'reaction.too_many',
    ],
  },
  removeReaction: {
    method: 'DELETE',
    path: '/messages/:messageId/reactions/:emoji',
    service: 'chat',
    tag: 'messages',
    summary: 'Take my reaction back; again changes nothing',
    access: withMessage,
    params: one,
    status: 204,
    errors: ['message.not_found', 'message.deleted', 'channel.not_member', 'channel.archived'],
  },
  listReactions: {
    method: 'GET',
    path: '/messages/:messageId/reactions',
    service: 'chat',
    tag: 'messages',
    summary: 'Who reacted with what, the first ones first',
    access: withMessage,
    params: params.m,
    query: ReactorsQuery,
    status: 200,
    response: ReactorPage,
    errors: ['message.not_found'],
  },
} as const satisfies Record<string, Route>;
