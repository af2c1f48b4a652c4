import { z } from 'zod';
import { ChannelId, MessageId, NotificationId, Seq, Timestamp, UserId, WorkspaceId } from '../ids.js';
import { PageQuery } from '../page.js';
import { SingleLine } from '../text.js';

/** Called by name, group or with everyone; said to one directly; in a thread one follows; a keyword; the channel. */
export const NotificationReason = z.enum(['mention', 'direct', 'thread', 'keyword', 'channel']);
export type NotificationReason = z.infer<typeof NotificationReason>;

/** That somebody should know of a message. It says nothing of the message itself, which is fetched by its id. */
export const Notification = z.object({
  id: NotificationId,
  workspaceId: WorkspaceId,
  channelId: ChannelId,
  messageId: MessageId,
  /** Of a reply. */
  threadId: MessageId.nullable(),
  /** Of the message in its channel. */
  seq: Seq,
  senderId: UserId,
  reason: NotificationReason,
  createdAt: Timestamp,
  /** When it was read, or the message was, on whatever device. */
  readAt: Timestamp.nullable(),
  /** The message was deleted, or its reader can't see it any more: the notification is in no list from then on. */
  withdrawnAt: Timestamp.nullable(),
  /** Of two, the higher is the newer. */
  version: z.int(),
});
export type Notification = z.infer<typeof Notification>;

export const NotificationsQuery = PageQuery.extend({
  workspaceId: WorkspaceId,
  unread: z.stringbool().default(false),
});
export type NotificationsQuery = z.infer<typeof NotificationsQuery>;

export const ReadAllNotifications = z.strictObject({ workspaceId: WorkspaceId });
export type ReadAllNotifications = z.infer<typeof ReadAllNotifications>;

/** How many were not read yet. */
export const ReadNotifications = z.object({ read: z.int() });
export type ReadNotifications = z.infer<typeof ReadNotifications>;

export const MAX_KEYWORDS = 50;
export const MAX_KEYWORD_WORKSPACES = 100;

/** Found as whole words, whatever their case and accents, anywhere but in code. */
export const Keyword = SingleLine.min(2)
  .max(60)
  .regex(/[\p{L}\p{N}\p{S}]/u, 'needs a letter, a digit or a symbol');
const Keywords = z
  .array(Keyword)
  .max(MAX_KEYWORDS)
  .transform((words) => [...new Set(words)]);

export const NotificationPreferences = z.object({
  /** What one is told of where a channel or a thread has no level of its own. */
  level: z.enum(['all', 'mentions', 'nothing']),
  push: z.boolean(),
  /** Letters with what is still unread: at once, on the full hour, or at nine in the morning. */
  email: z.enum(['instant', 'hourly', 'daily', 'off']),
  /** By workspace; those without any are left out. */
  keywords: z.array(z.object({ workspaceId: WorkspaceId, words: z.array(z.string()) })),
  /** Grows with each change. */
  version: z.int(),
});
export type NotificationPreferences = z.infer<typeof NotificationPreferences>;

/** What is not named stays; so do the keywords of workspaces that are not named. */
export const UpdateNotificationPreferences = z
  .strictObject({
    level: NotificationPreferences.shape.level,
    push: z.boolean(),
    email: NotificationPreferences.shape.email,
    keywords: z
      .array(z.strictObject({ workspaceId: WorkspaceId, words: Keywords }))
      .max(MAX_KEYWORD_WORKSPACES)
      .refine((all) => new Set(all.map(({ workspaceId }) => workspaceId)).size === all.length, {
        error: 'names a workspace twice',
      }),
  })
  .partial();
export type UpdateNotificationPreferences = z.infer<typeof UpdateNotificationPreferences>;

export const DeliveryChannel = z.enum(['in_app', 'push', 'email']);
export type DeliveryChannel = z.infer<typeof DeliveryChannel>;

/**
 * What became of a notification on one of its ways. `pending` until `dueAt`; `cancelled` when it was read or
 * withdrawn before, or nobody wanted it; `gone` when the address no longer exists.
 */
export const NotificationDelivery = z.object({
  id: z.uuidv7(),
  notificationId: NotificationId,
  workspaceId: WorkspaceId,
  channel: DeliveryChannel,
  state: z.enum(['pending', 'sent', 'failed', 'cancelled', 'gone']),
  attempts: z.int(),
  /** Why it failed or was cancelled; null otherwise. */
  errorCode: z.string().nullable(),
  createdAt: Timestamp,
  dueAt: Timestamp,
  settledAt: Timestamp.nullable(),
});
export type NotificationDelivery = z.infer<typeof NotificationDelivery>;
