import type { ChannelId, MessageId, NotificationId, UserId, WorkspaceId } from '#contracts';

/** What a worker delivers; the in-app list is delivered by being written. */
export type DeliveredChannel = 'push' | 'email';

/** A delivery that a worker has taken: nobody else gets it before its lease is over. */
export type ClaimedDelivery = {
  id: string;
  /** Which attempt this is, from 1 on. It goes back with the outcome, and an outcome that is late is told by it. */
  attempt: number;
  channel: DeliveredChannel;
  dueAt: Date;
  notificationId: NotificationId;
  userId: UserId;
  workspaceId: WorkspaceId;
  channelId: ChannelId;
  messageId: MessageId;
  threadId: MessageId | null;
  senderId: UserId;
  reason: 'mention' | 'direct' | 'thread' | 'keyword' | 'channel';
  /** Of the notification. */
  createdAt: Date;
};

/**
 * What became of an attempt. `retry` comes again at `at`; `gone` is an address that no longer exists; `cancelled`
 * was given up because there is nobody to tell or nothing to tell any more.
 */
export type DeliveryOutcome =
  | { state: 'sent' }
  | { state: 'failed' | 'gone' | 'cancelled'; errorCode: string }
  | { state: 'retry'; errorCode: string; at: Date };

export type SettledDelivery = Pick<ClaimedDelivery, 'id' | 'attempt'> & { outcome: DeliveryOutcome };
