import { CreatedStreamTicket, EventsQuery } from '../http/events.js';
import { inWorkspace } from './access.js';
import { params, type Route } from './route.js';

export const eventsRoutes = {
  streamEvents: {
    method: 'GET',
    path: '/workspaces/:workspaceId/events',
    service: 'notify',
    tag: 'events',
    summary: 'Server-sent events; resumes after Last-Event-ID',
    access: inWorkspace,
    params: params.w,
    query: EventsQuery,
    status: 200,
    stream: true,
    ticket: true,
    errors: ['workspace.not_found', 'stream.too_many', 'stream.ticket_invalid', 'unavailable'],
  },
  createStreamTicket: {
    method: 'POST',
    path: '/workspaces/:workspaceId/events/tickets',
    service: 'notify',
    tag: 'events',
    summary: 'A ticket that opens my event stream once, within seconds, without cookie or header',
    access: inWorkspace,
    scope: 'read',
    params: params.w,
    status: 201,
    response: CreatedStreamTicket,
    errors: ['workspace.not_found', 'unavailable'],
  },
} as const satisfies Record<string, Route>;
