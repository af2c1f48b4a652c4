import { z } from 'zod';
import { ChannelMember } from '../http/channels.js';
import { ChannelId } from '../ids.js';
import { event } from './envelope.js';

/** Someone's role in a channel is another one now. */
export const ChannelMemberUpdated = event(
  'channel_member.updated',
  z.object({ channelId: ChannelId, member: ChannelMember }),
);
export type ChannelMemberUpdated = z.infer<typeof ChannelMemberUpdated>;
