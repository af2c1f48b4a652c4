import { CreatedStreamTicket, EventLogPage, EventLogQuery, EventsQuery } from '../http/events.js';
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
  listEvents: {
    method: 'GET',
    path: '/workspaces/:workspaceId/event-log',
    service: 'notify',
    tag: 'events',
    summary: 'The events after a cursor, in pages: for programs that hold no stream',
    access: inWorkspace,
    params: params.w,
    query: EventLogQuery,
    status: 200,
    response: EventLogPage,
    errors: ['workspace.not_found', 'stream.cursor_expired', 'unavailable'],
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
