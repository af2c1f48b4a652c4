import { EventsQuery } from '../http/events.js';
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
    errors: ['workspace.not_found', 'stream.too_many', 'unavailable'],
  },
} as const satisfies Record<string, Route>;
