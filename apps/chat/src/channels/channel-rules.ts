import type { ChannelRole, UpdateChannel, UserId, WorkspaceRole } from '#contracts';
import { allows, isGuest, type Standing } from '../access/permission.js';

/** How someone stands in a channel; `channelRole` is null for those who have not joined. */
export type ChannelStanding = Standing & { channelRole: ChannelRole | null };

/** Channel admins manage their channel, whoever the workspace allows it all that they see. Guests never do. */
export const mayManageChannel = (standing: ChannelStanding): boolean =>
  !isGuest(standing.workspaceRole) &&
  (standing.channelRole === 'admin' || allows(standing, 'channel.manage'));

/** What a channel is for may be told by everyone in it, guests excepted. */
const mayDescribe = (standing: ChannelStanding): boolean =>
  mayManageChannel(standing) || (standing.channelRole !== null && !isGuest(standing.workspaceRole));

const rules: Record<keyof UpdateChannel, (standing: ChannelStanding) => boolean> = {
  topic: mayDescribe,
  description: mayDescribe,
  name: mayManageChannel,
  kind: mayManageChannel,
  posting: mayManageChannel,
  slowModeSeconds: mayManageChannel,
  // Whom a default channel takes in is a matter of the workspace.
  isDefault: (standing) => allows(standing, 'channel.manage'),
};

/** Whether someone may make all of a change; a part of it that they may not refuses the whole. */
export const mayChangeChannel = (standing: ChannelStanding, change: UpdateChannel): boolean =>
  (Object.keys(change) as (keyof UpdateChannel)[])
    .filter((key) => change[key] !== undefined)
    .every((key) => rules[key](standing));

export type Candidate = {
  userId: UserId;
  role: ChannelRole;
  workspaceRole: WorkspaceRole;
  joinedAt: Date;
};

/** Guests and bots don't run channels. */
export const mayBeChannelAdmin = (role: WorkspaceRole): boolean => !isGuest(role) && role !== 'bot';

const isAdmin = ({ role, workspaceRole }: Candidate): boolean =>
  role === 'admin' && mayBeChannelAdmin(workspaceRole);

/**
 * Who takes over a channel that someone left: nobody while it has an admin, else who has been in it longest.
 * Null, too, when only guests and bots are left: the admins of the workspace then look after it.
 */
export const successorOf = (members: readonly Candidate[]): UserId | null => {
  if (members.some(isAdmin)) return null;
  const [first] = members
    .filter(({ workspaceRole }) => mayBeChannelAdmin(workspaceRole))
    .sort((a, b) => +a.joinedAt - +b.joinedAt || (a.userId < b.userId ? -1 : 1));
  return first?.userId ?? null;
};
