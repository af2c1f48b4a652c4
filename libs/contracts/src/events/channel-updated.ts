import { z } from 'zod';
import { Channel } from '../http/channels.js';
import { event } from './envelope.js';

/** Its settings as they are now, also after it was taken out of the archive. To all who see the channel. */
export const ChannelUpdated = event('channel.updated', z.object({ channel: Channel }));
export type ChannelUpdated = z.infer<typeof ChannelUpdated>;
