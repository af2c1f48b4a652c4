import { z } from 'zod';
import { Notification } from '../http/notifications.js';
import { event } from './envelope.js';

/** To all devices of its reader. */
export const NotificationCreated = event('notification.created', z.object({ notification: Notification }));
export type NotificationCreated = z.infer<typeof NotificationCreated>;
