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
/** Chosen by the sender, any UUID version: makes sending idempotent together with the sender's id. */
export const ClientMessageId = z.uuid().brand<'ClientMessageId'>();
export type ClientMessageId = z.infer<typeof ClientMessageId>;

/** Position of a message in its channel: 1, 2, 3 … without gaps. 0 stands before the first message. */
export const Seq = z.int().min(0);
/** RFC 3339 timestamp in UTC. */
export const Timestamp = z.iso.datetime();
/** `<epoch>-<sequence>`: a position in the durable event stream. */
export const StreamCursor = z.string().regex(/^[0-9a-z]{1,16}-\d{1,16}$/);
export type StreamCursor = z.infer<typeof StreamCursor>;
