import { ReportTyping } from '../http/typing.js';
import { inChannel } from './access.js';
import { params, type Route } from './route.js';

export const typingRoutes = {
  reportTyping: {
    method: 'POST',
    path: '/channels/:channelId/typing',
    service: 'notify',
    tag: 'presence',
    summary: 'Say that I write, or write no more; whoever may post there may',
    access: inChannel,
    params: params.c,
    body: ReportTyping,
    status: 204,
    errors: [
      'channel.not_found',
      'channel.not_member',
      'channel.archived',
      'channel.read_only',
      'unavailable',
    ],
  },
} as const satisfies Record<string, Route>;
