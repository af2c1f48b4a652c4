import * as presence from '../http/presence.js';
import { inWorkspace, peopleOnly } from './access.js';
import { params, type Route } from './route.js';

export const presenceRoutes = {
  getMyPresence: {
    method: 'GET',
    path: '/me/presence',
    service: 'notify',
    tag: 'presence',
    summary: 'How the others see that I am there',
    access: peopleOnly,
    status: 200,
    response: presence.MyPresence,
    errors: ['permission.denied', 'unavailable'],
  },
  reportPresence: {
    method: 'PUT',
    path: '/me/presence',
    service: 'notify',
    tag: 'presence',
    summary: 'Say that a device is there, in use or idle; again every 30 seconds while it is in use',
    access: peopleOnly,
    body: presence.ReportPresence,
    status: 200,
    response: presence.MyPresence,
    errors: ['permission.denied', 'unavailable'],
  },
  setAvailability: {
    method: 'PUT',
    path: '/me/availability',
    service: 'notify',
    tag: 'presence',
    summary: 'Be away on all devices, or as they say',
    access: peopleOnly,
    body: presence.SetAvailability,
    status: 200,
    response: presence.MyPresence,
    errors: ['permission.denied', 'unavailable'],
  },
  subscribePresence: {
    method: 'PUT',
    path: '/workspaces/:workspaceId/presence/subscriptions',
    service: 'notify',
    tag: 'presence',
    summary: 'Whose presence a device shows: how they are now, and changes on its stream from now on',
    access: inWorkspace,
    params: params.w,
    body: presence.SubscribePresence,
    status: 200,
    response: presence.Presences,
    errors: ['workspace.not_found', 'unavailable'],
  },
} as const satisfies Record<string, Route>;
