import { z } from 'zod';
import { AccessTokenId, ChannelId, Timestamp, UserId, WorkspaceId } from './ids.js';
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

export const rpcSubjects = {
  memberships: 'rpc.v1.chat.memberships',
  introspect: 'rpc.v1.chat.introspect',
} as const;
