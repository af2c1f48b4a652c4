import { z } from 'zod';

/**
 * Identifiers are UUIDv7 (RFC 9562 §5.7): unique without coordination and sortable by creation time.
 * Each is branded, so that a `ChannelId` can't be passed where a `UserId` is meant.
 */
export const UserId = z.uuidv7().brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;
export const SessionId = z.uuidv7().brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;
export const WorkspaceId = z.uuidv7().brand<'WorkspaceId'>();
export type WorkspaceId = z.infer<typeof WorkspaceId>;
export const ChannelId = z.uuidv7().brand<'ChannelId'>();
export type ChannelId = z.infer<typeof ChannelId>;
export const MessageId = z.uuidv7().brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;
export const InviteId = z.uuidv7().brand<'InviteId'>();
export type InviteId = z.infer<typeof InviteId>;
export const EventId = z.uuidv7().brand<'EventId'>();
export type EventId = z.infer<typeof EventId>;
/** Of an entry of the activity inbox. */
export const ActivityId = z.uuidv7().brand<'ActivityId'>();
export type ActivityId = z.infer<typeof ActivityId>;
export const GroupId = z.uuidv7().brand<'GroupId'>();
export type GroupId = z.infer<typeof GroupId>;
export const EmojiId = z.uuidv7().brand<'EmojiId'>();
export type EmojiId = z.infer<typeof EmojiId>;
export const ImageId = z.uuidv7().brand<'ImageId'>();
export type ImageId = z.infer<typeof ImageId>;
export const RoleId = z.uuidv7().brand<'RoleId'>();
export type RoleId = z.infer<typeof RoleId>;
export const DraftId = z.uuidv7().brand<'DraftId'>();
export type DraftId = z.infer<typeof DraftId>;
export const ScheduledMessageId = z.uuidv7().brand<'ScheduledMessageId'>();
export type ScheduledMessageId = z.infer<typeof ScheduledMessageId>;
export const ReminderId = z.uuidv7().brand<'ReminderId'>();
export type ReminderId = z.infer<typeof ReminderId>;
export const AccessTokenId = z.uuidv7().brand<'AccessTokenId'>();
export type AccessTokenId = z.infer<typeof AccessTokenId>;
export const PasskeyId = z.uuidv7().brand<'PasskeyId'>();
export type PasskeyId = z.infer<typeof PasskeyId>;
export const JobId = z.uuidv7().brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;
export const DirectInvitationId = z.uuidv7().brand<'DirectInvitationId'>();
export type DirectInvitationId = z.infer<typeof DirectInvitationId>;
export const SectionId = z.uuidv7().brand<'SectionId'>();
export type SectionId = z.infer<typeof SectionId>;
export const PollOptionId = z.uuidv7().brand<'PollOptionId'>();
export type PollOptionId = z.infer<typeof PollOptionId>;
export const PushSubscriptionId = z.uuidv7().brand<'PushSubscriptionId'>();
export type PushSubscriptionId = z.infer<typeof PushSubscriptionId>;
export const NotificationId = z.uuidv7().brand<'NotificationId'>();
export type NotificationId = z.infer<typeof NotificationId>;
/** Chosen by the sender, any UUID version: makes sending idempotent together with the sender's id. */
export const ClientMessageId = z.uuid().brand<'ClientMessageId'>();
export type ClientMessageId = z.infer<typeof ClientMessageId>;

/** Of one instance of a client (a tab, an app), chosen by it, any UUID version. */
export const DeviceId = z.uuid().brand<'DeviceId'>();
export type DeviceId = z.infer<typeof DeviceId>;

/** Position of a message in its channel: 1, 2, 3 … without gaps. 0 stands before the first message. */
export const Seq = z.int().min(0);
/** RFC 3339 timestamp in UTC. */
export const Timestamp = z.iso.datetime();
/** `<epoch>-<sequence>`: a position in the durable event stream. */
export const StreamCursor = z.string().regex(/^[0-9a-z]{1,16}-\d{1,16}$/);
export type StreamCursor = z.infer<typeof StreamCursor>;
