import { z } from 'zod';
import { ChannelId, UserId, WorkspaceId } from './ids.js';
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

export const rpcSubjects = { memberships: 'rpc.v1.chat.memberships' } as const;
