import { z } from 'zod';
import { ChannelId } from '../ids.js';
import { event } from './envelope.js';

/** Gone, with all that was said in it. */
export const ChannelDeleted = event('channel.deleted', z.object({ channelId: ChannelId }));
export type ChannelDeleted = z.infer<typeof ChannelDeleted>;
