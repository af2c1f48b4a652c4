import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { CallerKind, OperationId, PushSubscription, routes } from '#contracts';
import type { Place } from './place.js';

type Routes = typeof routes;

/** Every operation that this service answers. */
export type NotifyOperation = {
  [Id in OperationId]: Routes[Id]['service'] extends 'notify' ? Id : never;
}[OperationId];

type Named<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Named<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;
type Body<Id extends OperationId> = Routes[Id] extends { body: infer Schema extends z.ZodType }
  ? { body: z.input<Schema> }
  : { body?: undefined };
type Params<Id extends OperationId> =
  Named<Routes[Id]['path']> extends never
    ? { params?: undefined }
    : { params: Record<Named<Routes[Id]['path']>, string> };

/** A valid request: what it uses up is made anew each time, and what has to be the caller's own is theirs. */
export type Row<Id extends OperationId> = (
  place: Place,
  caller: CallerKind,
) =>
  | (Params<Id> & Body<Id> & { query?: Record<string, string> })
  | Promise<Params<Id> & Body<Id> & { query?: Record<string, string> }>;

/** Of a browser, with the keys of RFC 8291's example. */
const aPushSubscription = () => ({
  endpoint: `https://updates.push.services.mozilla.com/wpush/v2/${randomUUID()}`,
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
});

/** How to make a request of every route that is in order but for who makes it. */
export const rows: { [Id in NotifyOperation]: Row<Id> } = {
  streamEvents: ({ w }) => ({ params: { workspaceId: w } }),
  createStreamTicket: ({ w }) => ({ params: { workspaceId: w } }),
  listEvents: ({ w }) => ({ params: { workspaceId: w } }),
  getPushKey: () => ({}),
  listPushSubscriptions: () => ({}),
  savePushSubscription: () => ({ body: aPushSubscription() }),
  deletePushSubscription: async (place, caller) => {
    // Bots have none.
    const owner = caller === 'anonymous' || caller === 'bot' ? 'member' : caller;
    const { id } = await place.do<PushSubscription>(owner, 'POST /push-subscriptions', aPushSubscription());
    return { params: { pushSubscriptionId: id } };
  },
  askEmailUnsubscription: (place) => ({ params: { token: place.unsubscribeToken() } }),
  unsubscribeFromEmail: (place) => ({ params: { token: place.unsubscribeToken() } }),
  getMyPresence: () => ({}),
  reportPresence: () => ({ body: { deviceId: randomUUID(), state: 'active' } }),
  setAvailability: () => ({ body: { availability: 'auto' } }),
  subscribePresence: ({ w, people }) => ({
    params: { workspaceId: w },
    body: { deviceId: randomUUID(), userIds: [people.owner.userId] },
  }),
  listNotifications: ({ w }) => ({ query: { workspaceId: w } }),
  readNotification: async (place, caller) => ({
    params: { notificationId: await place.notification(caller) },
  }),
  readAllNotifications: ({ w }) => ({ body: { workspaceId: w } }),
  getNotificationPreferences: () => ({}),
  updateNotificationPreferences: ({ w }) => ({
    body: { level: 'all', keywords: [{ workspaceId: w, words: ['deploy'] }] },
  }),
  listNotificationDeliveries: () => ({}),
  reportTyping: ({ c }) => ({ params: { channelId: c }, body: { state: 'start' } }),
};
