import { MessagesPerDay, MessagesPerDayQuery } from '../http/analytics.js';
import { SearchQuery, SearchResult } from '../http/search.js';
import { adminsOnly, inWorkspace } from './access.js';
import { params, type Route } from './route.js';

export const servicesRoutes = {
  search: {
    method: 'GET',
    path: '/workspaces/:workspaceId/search',
    service: 'chat',
    tag: 'search',
    summary: 'Find messages I may see',
    access: inWorkspace,
    params: params.w,
    query: SearchQuery,
    status: 200,
    response: SearchResult,
    errors: ['workspace.not_found'],
  },
  messagesPerDay: {
    method: 'GET',
    path: '/workspaces/:workspaceId/analytics/messages-per-day',
    service: 'analytics',
    tag: 'analytics',
    summary: 'Messages and senders per day',
    access: adminsOnly(inWorkspace),
    params: params.w,
    query: MessagesPerDayQuery,
    status: 200,
    response: MessagesPerDay,
    errors: ['workspace.not_found', 'permission.denied', 'unavailable'],
  },
} as const satisfies Record<string, Route>;
