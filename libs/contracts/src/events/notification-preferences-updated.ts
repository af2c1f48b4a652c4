import { z } from 'zod';
import { NotificationPreferences } from '../http/notifications.js';
import { event } from './envelope.js';

/** Account event: what I want to be told of changed; the higher `version` is newer. */
export const NotificationPreferencesUpdated = event(
  'notification_preferences.updated',
  z.object({ preferences: NotificationPreferences }),
);
export type NotificationPreferencesUpdated = z.infer<typeof NotificationPreferencesUpdated>;
