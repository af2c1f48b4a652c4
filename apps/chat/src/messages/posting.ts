import type { ProblemCode } from '#contracts';
import type { ChannelAccess } from '../access/access.service.js';
import { allows } from '../access/permission.js';

/** What a sender has been cleared for: posting here at all, or also without waiting. */
export type Clearance = 'member' | 'moderator';

type Where = Pick<ChannelAccess, 'kind' | 'posting' | 'channelRole' | 'workspaceRole'> &
  Partial<Pick<ChannelAccess, 'customPermissions' | 'whoMay'>>;

export const moderates = (channel: Where): boolean =>
  channel.channelRole === 'admin' || allows(channel, 'message.post_restricted');

/** Whether a member may post, given that the channel is restricted or the message calls everyone. */
export const clear = (channel: Where, wide: boolean): { clearance: Clearance } | { code: ProblemCode } => {
  const moderator = moderates(channel);
  if (channel.posting === 'admins' && !moderator) return { code: 'channel.read_only' };
  if (wide && channel.kind !== 'direct' && !allows(channel, 'message.mention_channel'))
    return { code: 'permission.denied' };
  return { clearance: moderator ? 'moderator' : 'member' };
};
