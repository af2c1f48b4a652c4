import { Message } from '../http/messages.js';
import * as polls from '../http/polls.js';
import { withMessage } from './access.js';
import { params, type Route } from './route.js';

const notAuthor = 'message.not_author' as const;

export const pollsRoutes = {
  vote: {
    method: 'PUT',
    path: '/messages/:messageId/vote',
    service: 'chat',
    tag: 'messages',
    summary: 'Vote in the poll of a message, instead of what I voted before',
    access: withMessage,
    params: params.m,
    body: polls.CastVote,
    status: 200,
    response: Message,
    errors: [
      'message.not_found',
      'message.deleted',
      'channel.not_member',
      'channel.archived',
      'poll.not_found',
      'poll.closed',
    ],
  },
  getMyVote: {
    method: 'GET',
    path: '/messages/:messageId/vote',
    service: 'chat',
    tag: 'messages',
    summary: 'What I voted',
    access: withMessage,
    params: params.m,
    status: 200,
    response: polls.MyVote,
    errors: ['message.not_found', 'poll.not_found'],
  },
  listVotes: {
    method: 'GET',
    path: '/messages/:messageId/votes',
    service: 'chat',
    tag: 'messages',
    summary: 'Who voted for an option, the first ones first; not in anonymous polls',
    access: withMessage,
    params: params.m,
    query: polls.VotersQuery,
    status: 200,
    response: polls.VoterPage,
    errors: ['message.not_found', 'poll.not_found', 'poll.anonymous'],
  },
  closePoll: {
    method: 'POST',
    path: '/messages/:messageId/close-poll',
    service: 'chat',
    tag: 'messages',
    summary: 'End the poll of my message, or any as an admin',
    access: { ...withMessage, guest: notAuthor, member: notAuthor, bot: notAuthor },
    params: params.m,
    status: 200,
    response: Message,
    errors: [
      'message.not_found',
      'message.not_author',
      'message.deleted',
      'channel.not_member',
      'channel.archived',
      'poll.not_found',
    ],
  },
} as const satisfies Record<string, Route>;
