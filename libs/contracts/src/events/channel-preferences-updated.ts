import { z } from 'zod';
import { ChannelPreferences } from '../http/channel-preferences.js';
import { ChannelId } from '../ids.js';
import { event } from './envelope.js';

/** To all devices of the person. */
export const ChannelPreferencesUpdated = event(
  'channel_preferences.updated',
  z.object({ channelId: ChannelId, preferences: ChannelPreferences }),
);
export type ChannelPreferencesUpdated = z.infer<typeof ChannelPreferencesUpdated>;
