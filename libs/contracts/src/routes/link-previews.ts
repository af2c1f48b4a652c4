import { z } from 'zod';
import { MessageId } from '../ids.js';
import { withMessage } from './access.js';
import type { Route } from './route.js';

const notAuthor = 'message.not_author' as const;

export const linkPreviewsRoutes = {
  removeLinkPreview: {
    method: 'DELETE',
    path: '/messages/:messageId/previews/:position',
    service: 'chat',
    tag: 'messages',
    summary: 'Remove a link preview of my message, for good',
    access: { ...withMessage, guest: notAuthor, admin: notAuthor, owner: notAuthor, bot: notAuthor },
    params: z.strictObject({ messageId: MessageId, position: z.coerce.number().int().min(0).max(9) }),
    status: 204,
    errors: [
      'message.not_found',
      'message.not_author',
      'message.deleted',
      'preview.not_found',
      'channel.not_member',
      'channel.archived',
    ],
  },
} as const satisfies Record<string, Route>;
