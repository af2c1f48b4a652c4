import { z } from 'zod';
import { Notification } from '../http/notifications.js';
import { event } from './envelope.js';

/** To all devices of its reader: it was read, or withdrawn. */
export const NotificationUpdated = event('notification.updated', z.object({ notification: Notification }));
export type NotificationUpdated = z.infer<typeof NotificationUpdated>;
