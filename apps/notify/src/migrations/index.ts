import { Notifications1765000000000 } from './1765000000000-notifications.js';
import { PushSubscriptions1765000100000 } from './1765000100000-push-subscriptions.js';

/** In the order they run. */
export const migrations = [Notifications1765000000000, PushSubscriptions1765000100000];
