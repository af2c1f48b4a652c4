import { z } from 'zod';
import { User } from '../http/accounts.js';
import { Channel, ChannelRole } from '../http/channels.js';
import { WorkspaceRole } from '../http/workspaces.js';
import { RoleId, Timestamp } from '../ids.js';
import { event } from './envelope.js';

/** Joined the channel, or the workspace when `channel` is null. `lastReadSeq` is the joiner's. */
export const MemberJoined = event(
  'member.joined',
  z.object({
    user: User,
    role: z.union([WorkspaceRole, ChannelRole]),
    channel: Channel.nullable(),
    lastReadSeq: z.int().nullable(),
    /** Of the membership of the workspace. */
    joinedAt: Timestamp.optional(),
    /** The custom role of a member of the workspace; absent for none. */
    customRoleId: RoleId.optional(),
    /** Of the membership, of the channel or of the workspace: the highest wins. */
    version: z.int().optional(),
  }),
);
export type MemberJoined = z.infer<typeof MemberJoined>;
