import * as drafts from '../http/drafts.js';
import { PageQuery, pageOf } from '../page.js';
import { inChannel, inWorkspace } from './access.js';
import { params, type Route } from './route.js';

export const draftsRoutes = {
  putDraft: {
    method: 'PUT',
    path: '/channels/:channelId/draft',
    service: 'chat',
    tag: 'drafts',
    summary: 'Keep what I have begun to write; the last one wins, or with If-Match whoever knew the newest',
    access: inChannel,
    params: params.c,
    query: drafts.DraftQuery,
    body: drafts.PutDraft,
    status: 200,
    response: drafts.Draft,
    errors: [
      'channel.not_found',
      'channel.not_member',
      'thread.not_found',
      'draft.too_many',
      'precondition.failed',
    ],
  },
  deleteDraft: {
    method: 'DELETE',
    path: '/channels/:channelId/draft',
    service: 'chat',
    tag: 'drafts',
    summary: 'Drop my draft, once it was sent or given up',
    access: inChannel,
    params: params.c,
    query: drafts.DraftQuery,
    status: 204,
    errors: ['channel.not_found', 'channel.not_member'],
  },
  listDrafts: {
    method: 'GET',
    path: '/workspaces/:workspaceId/drafts',
    service: 'chat',
    tag: 'drafts',
    summary: 'My drafts, the newest begun first',
    access: inWorkspace,
    params: params.w,
    query: PageQuery,
    status: 200,
    response: pageOf(drafts.Draft),
    errors: ['workspace.not_found'],
  },
} as const satisfies Record<string, Route>;
