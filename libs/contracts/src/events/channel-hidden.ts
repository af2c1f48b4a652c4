import { z } from 'zod';
import { ChannelId } from '../ids.js';
import { event } from './envelope.js';

/** Became private: whoever is not in it knows it no more. `version` is the channel's. */
export const ChannelHidden = event('channel.hidden', z.object({ channelId: ChannelId, version: z.int() }));
export type ChannelHidden = z.infer<typeof ChannelHidden>;
