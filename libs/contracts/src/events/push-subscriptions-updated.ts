import type { z } from 'zod';
import { PushSubscriptions } from '../http/push-subscriptions.js';
import { event } from './envelope.js';

/** Account event: everything one gets pushes on, on all of one's devices. */
export const PushSubscriptionsUpdated = event('push_subscriptions.updated', PushSubscriptions);
export type PushSubscriptionsUpdated = z.infer<typeof PushSubscriptionsUpdated>;
