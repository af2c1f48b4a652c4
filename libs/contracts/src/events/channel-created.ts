import { z } from 'zod';
import { Channel } from '../http/channels.js';
import { UserId } from '../ids.js';
import { event } from './envelope.js';

/** Goes to the workspace when public, otherwise to `memberIds` only. */
export const ChannelCreated = event(
  'channel.created',
  z.object({ channel: Channel, memberIds: z.array(UserId) }),
);
export type ChannelCreated = z.infer<typeof ChannelCreated>;
