import { z } from 'zod';
import { Preferences } from '../http/preferences.js';
import { event } from './envelope.js';

/** Account event: my preferences changed; the higher `version` is newer. */
export const PreferencesUpdated = event('preferences.updated', z.object({ preferences: Preferences }));
export type PreferencesUpdated = z.infer<typeof PreferencesUpdated>;
