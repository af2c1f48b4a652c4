import { Notifications1765000000000 } from './1765000000000-notifications.js';

/** In the order they run. */
export const migrations = [Notifications1765000000000];
