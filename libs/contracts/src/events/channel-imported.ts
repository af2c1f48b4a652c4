import { z } from 'zod';
import { Channel } from '../http/channels.js';
import { event } from './envelope.js';

/**
 * History was added to the end of the channel: `messages` of them, none with an event of its own. Fetch the
 * history again. Every member has read up to the channel's `lastSeq`.
 */
export const ChannelImported = event('channel.imported', z.object({ channel: Channel, messages: z.int() }));
export type ChannelImported = z.infer<typeof ChannelImported>;
