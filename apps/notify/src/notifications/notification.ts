import type {
  ChannelId,
  MessageId,
  Notification,
  NotificationId,
  NotificationReason,
  UserId,
  WorkspaceId,
} from '#contracts';

export type NotificationRow = {
  id: NotificationId;
  userId: UserId;
  workspaceId: WorkspaceId;
  channelId: ChannelId;
  messageId: MessageId;
  threadId: MessageId | null;
  seq: number;
  senderId: UserId;
  reason: NotificationReason;
  createdAt: Date;
  readAt: Date | null;
  withdrawnAt: Date | null;
  version: number;
};

/** One that is about to be written. */
export type NewNotification = Omit<NotificationRow, 'readAt' | 'withdrawnAt' | 'version'> & {
  inChannel: boolean;
  /** What calls its reader is a new wording, so that it counts although they have read the message. */
  edited: boolean;
  /** How far they have read, as chat knew when it was asked. */
  lastReadSeq: number;
  threadLastReadSeq: number;
  /** When it is to go out; absent for ways it does not go. */
  pushDueAt: Date | null;
  emailDueAt: Date | null;
  /** It would have been pushed, but its reader wants to be left in peace. */
  heldBack: boolean;
};

export const presentNotification = ({
  userId: _,
  createdAt,
  readAt,
  withdrawnAt,
  ...row
}: NotificationRow): Notification => ({
  ...row,
  createdAt: createdAt.toISOString(),
  readAt: readAt?.toISOString() ?? null,
  withdrawnAt: withdrawnAt?.toISOString() ?? null,
});

/** How far somebody has looked at a channel or at a thread. */
export type Seen = { userId: UserId; scope: 'channel' | 'thread'; scopeId: string; seq: number };
