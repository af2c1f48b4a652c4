import { z } from 'zod';
import * as emoji from '../http/emoji.js';
import { EmojiId, WorkspaceId } from '../ids.js';
import { PageQuery, pageOf } from '../page.js';
import { adminsOnly, fullMembers, inWorkspace } from './access.js';
import { params, type Route } from './route.js';

const one = z.strictObject({ workspaceId: WorkspaceId, emojiId: EmojiId });

export const emojiRoutes = {
  createEmoji: {
    method: 'POST',
    path: '/workspaces/:workspaceId/emoji',
    service: 'chat',
    tag: 'emoji',
    summary: 'Add an emoji of an uploaded image, or another name of one',
    access: fullMembers(inWorkspace),
    params: params.w,
    body: emoji.CreateEmoji,
    status: 201,
    response: emoji.CustomEmoji,
    errors: [
      'workspace.not_found',
      'permission.denied',
      'emoji.name_taken',
      'emoji.name_reserved',
      'emoji.too_many',
      'emoji.not_found',
      'image.not_found',
      'image.too_large',
    ],
  },
  listEmoji: {
    method: 'GET',
    path: '/workspaces/:workspaceId/emoji',
    service: 'chat',
    tag: 'emoji',
    summary: 'Emoji of the workspace, by name',
    access: inWorkspace,
    params: params.w,
    query: PageQuery,
    status: 200,
    response: pageOf(emoji.CustomEmoji),
    errors: ['workspace.not_found'],
  },
  renameEmoji: {
    method: 'PATCH',
    path: '/workspaces/:workspaceId/emoji/:emojiId',
    service: 'chat',
    tag: 'emoji',
    summary: 'Rename an emoji that I added, or any as an admin',
    access: adminsOnly(inWorkspace),
    params: one,
    body: emoji.RenameEmoji,
    status: 200,
    response: emoji.CustomEmoji,
    errors: [
      'workspace.not_found',
      'permission.denied',
      'emoji.not_found',
      'emoji.name_taken',
      'emoji.name_reserved',
    ],
  },
  deleteEmoji: {
    method: 'DELETE',
    path: '/workspaces/:workspaceId/emoji/:emojiId',
    service: 'chat',
    tag: 'emoji',
    summary: 'Delete an emoji that I added, or any as an admin, with its other names',
    access: adminsOnly(inWorkspace),
    params: one,
    status: 204,
    errors: ['workspace.not_found', 'permission.denied', 'emoji.not_found'],
  },
} as const satisfies Record<string, Route>;
