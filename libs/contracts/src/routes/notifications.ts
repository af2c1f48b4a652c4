import { z } from 'zod';
import * as notifications from '../http/notifications.js';
import { NotificationId } from '../ids.js';
import { PageQuery, pageOf } from '../page.js';
import { peopleOnly } from './access.js';
import type { Route } from './route.js';

export const NotificationParams = z.strictObject({ notificationId: NotificationId });

export const notificationsRoutes = {
  listNotifications: {
    method: 'GET',
    path: '/notifications',
    service: 'notify',
    tag: 'notifications',
    summary: 'My notifications of a workspace, newest first',
    access: peopleOnly,
    query: notifications.NotificationsQuery,
    status: 200,
    response: pageOf(notifications.Notification),
    errors: ['permission.denied', 'unavailable'],
  },
  readNotification: {
    method: 'POST',
    path: '/notifications/:notificationId/read',
    service: 'notify',
    tag: 'notifications',
    summary: 'Mark a notification as read, wherever it is shown; the message stays unread',
    access: peopleOnly,
    params: NotificationParams,
    status: 200,
    response: notifications.Notification,
    errors: ['permission.denied', 'notification.not_found', 'unavailable'],
  },
  readAllNotifications: {
    method: 'POST',
    path: '/notifications/read-all',
    service: 'notify',
    tag: 'notifications',
    summary: 'Mark all my notifications of a workspace as read',
    access: peopleOnly,
    body: notifications.ReadAllNotifications,
    status: 200,
    response: notifications.ReadNotifications,
    errors: ['permission.denied', 'unavailable'],
  },
  getNotificationPreferences: {
    method: 'GET',
    path: '/me/notification-preferences',
    service: 'notify',
    tag: 'notifications',
    summary: 'What I want to be told of, and how; the ETag names this version of it',
    access: peopleOnly,
    status: 200,
    response: notifications.NotificationPreferences,
    errors: ['permission.denied', 'unavailable'],
  },
  updateNotificationPreferences: {
    method: 'PATCH',
    path: '/me/notification-preferences',
    service: 'notify',
    tag: 'notifications',
    summary: 'Change what I want to be told of; with If-Match only if nobody else did meanwhile',
    access: peopleOnly,
    body: notifications.UpdateNotificationPreferences,
    status: 200,
    response: notifications.NotificationPreferences,
    errors: ['permission.denied', 'precondition.failed', 'notification.too_many_keywords', 'unavailable'],
  },
  listNotificationDeliveries: {
    method: 'GET',
    path: '/me/notification-deliveries',
    service: 'notify',
    tag: 'notifications',
    summary: 'What became of my notifications, newest first: in the app, by push, by e-mail',
    access: peopleOnly,
    query: PageQuery,
    status: 200,
    response: pageOf(notifications.NotificationDelivery),
    errors: ['permission.denied', 'unavailable'],
  },
} as const satisfies Record<string, Route>;
