import { z } from 'zod';
import * as push from '../http/push-subscriptions.js';
import { PushSubscriptionId } from '../ids.js';
import { peopleOnly, signedIn } from './access.js';
import type { Route } from './route.js';

export const PushSubscriptionParams = z.strictObject({ pushSubscriptionId: PushSubscriptionId });

export const pushSubscriptionsRoutes = {
  getPushKey: {
    method: 'GET',
    path: '/push/key',
    service: 'notify',
    tag: 'notifications',
    summary: 'The key that a browser subscribes to pushes with; null while this server does not push',
    access: signedIn,
    status: 200,
    response: push.PushKey,
    errors: [],
  },
  listPushSubscriptions: {
    method: 'GET',
    path: '/push-subscriptions',
    service: 'notify',
    tag: 'notifications',
    summary: 'Where I get pushes',
    access: peopleOnly,
    status: 200,
    response: push.PushSubscriptions,
    errors: ['permission.denied'],
  },
  savePushSubscription: {
    method: 'POST',
    path: '/push-subscriptions',
    service: 'notify',
    tag: 'notifications',
    summary: 'Get pushes on this device while its session lasts; again with the same endpoint changes it',
    access: peopleOnly,
    body: push.SavePushSubscription,
    status: 201,
    response: push.PushSubscription,
    errors: ['permission.denied', 'push.off', 'push.endpoint_refused', 'push_subscription.too_many'],
  },
  deletePushSubscription: {
    method: 'DELETE',
    path: '/push-subscriptions/:pushSubscriptionId',
    service: 'notify',
    tag: 'notifications',
    summary: 'Get no more pushes there',
    access: peopleOnly,
    params: PushSubscriptionParams,
    status: 204,
    errors: ['permission.denied', 'push_subscription.not_found'],
  },
} as const satisfies Record<string, Route>;
