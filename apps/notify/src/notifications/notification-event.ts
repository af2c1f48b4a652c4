import type { EventId, EventOf, ParleyEvent, UserId } from '#contracts';
import { uuidv7 } from '#core';
import type { Audience } from '#bus';
import { currentTraceparent } from '#platform';
import { presentNotification, type NotificationRow } from './notification.js';

type Kind =
  | 'notification.created'
  | 'notification.updated'
  | 'notification_preferences.updated'
  | 'push_subscriptions.updated';
type Addressed = { event: ParleyEvent; audience: Audience };

/** An event about something of one person's, to their devices. */
export const personalEvent = <Type extends Kind>(
  type: Type,
  userId: UserId,
  about: Pick<ParleyEvent, 'workspaceId' | 'channelId' | 'seq'>,
  data: EventOf<Type>['data'],
  time: Date,
): Addressed => {
  const event = {
    id: uuidv7() as EventId,
    type,
    source: '/notify',
    time: time.toISOString(),
    workspaceId: about.workspaceId,
    channelId: about.channelId,
    actorId: userId,
    traceparent: currentTraceparent(),
    data,
    seq: about.seq,
  } as unknown as ParleyEvent;
  return { event, audience: { scope: 'user', id: userId } };
};

export const notificationEvent = (
  type: 'notification.created' | 'notification.updated',
  row: NotificationRow,
  time: Date,
): Addressed => personalEvent(type, row.userId, row, { notification: presentNotification(row) }, time);
