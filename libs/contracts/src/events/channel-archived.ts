import { z } from 'zod';
import { Channel } from '../http/channels.js';
import { event } from './envelope.js';

/** To all who see the channel; it can be read and not changed. */
export const ChannelArchived = event('channel.archived', z.object({ channel: Channel }));
export type ChannelArchived = z.infer<typeof ChannelArchived>;
