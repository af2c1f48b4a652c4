import * as unread from '../http/unread.js';
import { inWorkspace } from './access.js';
import { params, type Route } from './route.js';

export const readStateRoutes = {
  getUnread: {
    method: 'GET',
    path: '/workspaces/:workspaceId/unread',
    service: 'chat',
    tag: 'messages',
    summary: 'What is unread in my channels and threads, counted',
    access: inWorkspace,
    params: params.w,
    status: 200,
    response: unread.Unread,
    errors: ['workspace.not_found'],
  },
  markAllRead: {
    method: 'POST',
    path: '/workspaces/:workspaceId/mark-all-read',
    service: 'chat',
    tag: 'messages',
    summary: 'Mark all channels and threads as read',
    access: inWorkspace,
    params: params.w,
    status: 204,
    errors: ['workspace.not_found'],
  },
} as const satisfies Record<string, Route>;
