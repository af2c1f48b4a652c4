import { Receipts } from '../http/receipts.js';
import { PageQuery } from '../page.js';
import { withMessage } from './access.js';
import { params, type Route } from './route.js';

export const receiptsRoutes = {
  listReceipts: {
    method: 'GET',
    path: '/messages/:messageId/receipts',
    service: 'chat',
    tag: 'messages',
    summary: 'Who has read a message, of those who share it; only for those who share it themselves',
    access: withMessage,
    params: params.m,
    query: PageQuery,
    status: 200,
    response: Receipts,
    errors: [
      'message.not_found',
      'message.deleted',
      'channel.not_member',
      'receipts.disabled',
      'receipts.channel_too_large',
    ],
  },
} as const satisfies Record<string, Route>;
