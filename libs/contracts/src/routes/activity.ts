import * as activity from '../http/activity.js';
import { pageOf } from '../page.js';
import { inWorkspace } from './access.js';
import { params, type Route } from './route.js';

export const activityRoutes = {
  listActivity: {
    method: 'GET',
    path: '/workspaces/:workspaceId/activity',
    service: 'chat',
    tag: 'activity',
    summary: 'Mentions, replies and reactions that concern me, newest first, where I may still read',
    access: inWorkspace,
    params: params.w,
    query: activity.ActivityQuery,
    status: 200,
    response: pageOf(activity.Activity),
    errors: ['workspace.not_found'],
  },
  moveActivityCursor: {
    method: 'PUT',
    path: '/workspaces/:workspaceId/activity/read-cursor',
    service: 'chat',
    tag: 'activity',
    summary: 'Mark my activity as read up to an entry; never moves back',
    access: inWorkspace,
    params: params.w,
    body: activity.MoveActivityCursor,
    status: 200,
    response: activity.ActivityCursor,
    errors: ['workspace.not_found'],
  },
} as const satisfies Record<string, Route>;
