import { z } from 'zod';
import { AccessTokenId, ChannelId, MessageId, SessionId, Timestamp, UserId, WorkspaceId } from './ids.js';
import { Preferences } from './http/preferences.js';
import { WorkspaceRole } from './http/workspaces.js';

/** `rpc.v1.chat.memberships`: who may see what, for services that deliver or report. */
export const MembershipsRequest = z.object({
  pairs: z.array(z.object({ workspaceId: WorkspaceId, userId: UserId })).max(1000),
});
export type MembershipsRequest = z.infer<typeof MembershipsRequest>;

export const Membership = z.object({ role: WorkspaceRole, channelIds: z.array(ChannelId) });
export type Membership = z.infer<typeof Membership>;

/** In the order of the request; null for a stranger. */
export const MembershipsReply = z.object({ memberships: z.array(Membership.nullable()) });
export type MembershipsReply = z.infer<typeof MembershipsReply>;

/** `rpc.v1.chat.introspect`: what a personal access token is, by its SHA-256 (base64url). */
export const IntrospectRequest = z.object({ hash: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
export type IntrospectRequest = z.infer<typeof IntrospectRequest>;

/** Null for a token that was never made, or was revoked. */
export const IntrospectReply = z.object({
  token: z
    .object({
      id: AccessTokenId,
      userId: UserId,
      scopes: z.array(z.string()),
      expiresAt: Timestamp.nullable(),
    })
    .nullable(),
});
export type IntrospectReply = z.infer<typeof IntrospectReply>;

/** `rpc.v1.chat.notices`: what a notification about a message tells whom, asked when it is sent. */
export const NoticesRequest = z.object({
  notices: z.array(z.object({ userId: UserId, messageId: MessageId })).max(1000),
});
export type NoticesRequest = z.infer<typeof NoticesRequest>;

export const Notice = z.object({
  workspaceName: z.string(),
  /** Null in a direct conversation. */
  channelName: z.string().nullable(),
  senderName: z.string(),
  /** The beginning of the text in one line, with names for mentions; empty where there is no text. */
  preview: z.string(),
});
export type Notice = z.infer<typeof Notice>;

export const Recipient = z.object({
  userId: UserId,
  name: z.string(),
  /** Null until the person has confirmed an address. */
  email: z.string().nullable(),
  locale: z.string().nullable(),
  timeZone: z.string().nullable(),
});
export type Recipient = z.infer<typeof Recipient>;

export const NoticesReply = z.object({
  /** In the order of the request; null where the person may not read the message, or it is gone. */
  notices: z.array(Notice.nullable()),
  /** Those of the request that have an account. */
  recipients: z.array(Recipient),
});
export type NoticesReply = z.infer<typeof NoticesReply>;

/** `rpc.v1.chat.posting`: whether somebody may write in a channel, for services that act on it. */
export const PostingRequest = z.object({
  pairs: z.array(z.object({ channelId: ChannelId, userId: UserId })).max(200),
});
export type PostingRequest = z.infer<typeof PostingRequest>;

/** The workspace of the channel, or why they may not. */
export const PostingVerdict = z.union([
  z.object({ workspaceId: WorkspaceId }),
  z.object({
    refused: z.enum(['channel.not_found', 'channel.not_member', 'channel.archived', 'channel.read_only']),
  }),
]);
export type PostingVerdict = z.infer<typeof PostingVerdict>;

/** In the order of the request. */
export const PostingReply = z.object({ verdicts: z.array(PostingVerdict) });
export type PostingReply = z.infer<typeof PostingReply>;

/** `rpc.v1.chat.live_sessions`: which of these sessions and personal access tokens last. */
export const LiveSessionsRequest = z.object({ sessionIds: z.array(SessionId).max(1000) });
export type LiveSessionsRequest = z.infer<typeof LiveSessionsRequest>;

export const LiveSessionsReply = z.object({ sessionIds: z.array(SessionId) });
export type LiveSessionsReply = z.infer<typeof LiveSessionsReply>;

/** `rpc.v1.chat.acquaintances`: whom of these somebody may know of in a workspace. */
export const AcquaintancesRequest = z.object({
  workspaceId: WorkspaceId,
  userId: UserId,
  others: z.array(UserId).max(500),
});
export type AcquaintancesRequest = z.infer<typeof AcquaintancesRequest>;

/** Null when the asker is not in the workspace. */
export const AcquaintancesReply = z.object({
  acquaintances: z
    .object({
      /** True when this hangs on the channels that they share, and so may change with them. */
      byChannels: z.boolean(),
      userIds: z.array(UserId),
    })
    .nullable(),
});
export type AcquaintancesReply = z.infer<typeof AcquaintancesReply>;

/** `rpc.v1.chat.do_not_disturb`: when people want to be left alone. */
export const DoNotDisturbRequest = z.object({ userIds: z.array(UserId).max(500) });
export type DoNotDisturbRequest = z.infer<typeof DoNotDisturbRequest>;

export const DoNotDisturb = Preferences.pick({ dndUntil: true, quietHours: true }).extend({
  /** By which quiet hours are judged; null is UTC. */
  timeZone: z.string().nullable(),
});
export type DoNotDisturb = z.infer<typeof DoNotDisturb>;

/** In the order of the request; null for whom there is no account. */
export const DoNotDisturbReply = z.object({ people: z.array(DoNotDisturb.nullable()) });
export type DoNotDisturbReply = z.infer<typeof DoNotDisturbReply>;

export const rpcSubjects = {
  memberships: 'rpc.v1.chat.memberships',
  introspect: 'rpc.v1.chat.introspect',
  liveSessions: 'rpc.v1.chat.live_sessions',
  notificationFacts: 'rpc.v1.chat.notification_facts',
  notices: 'rpc.v1.chat.notices',
  posting: 'rpc.v1.chat.posting',
  acquaintances: 'rpc.v1.chat.acquaintances',
  doNotDisturb: 'rpc.v1.chat.do_not_disturb',
} as const;
