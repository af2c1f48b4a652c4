import { z } from 'zod';
import { open } from './access.js';
import type { Route } from './route.js';

const params = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{64}$/) });

export const emailUnsubscriptionsRoutes = {
  askEmailUnsubscription: {
    method: 'GET',
    path: '/email-unsubscriptions/:token',
    service: 'notify',
    tag: 'notifications',
    summary: 'The page behind the link of a mail: asks whether mails about messages shall end',
    access: open,
    auth: false,
    params,
    status: 200,
    produces: ['text/html'],
    errors: ['auth.link_invalid'],
  },
  unsubscribeFromEmail: {
    method: 'POST',
    path: '/email-unsubscriptions/:token',
    service: 'notify',
    tag: 'notifications',
    summary: 'End mails about messages, as that page or a mail program does (RFC 8058)',
    access: open,
    auth: false,
    params,
    maxBodyBytes: 4096,
    consumes: ['application/x-www-form-urlencoded', 'multipart/form-data'],
    status: 200,
    produces: ['text/html'],
    errors: ['auth.link_invalid'],
  },
} as const satisfies Record<string, Route>;
