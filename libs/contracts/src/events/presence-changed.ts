import { Presences } from '../http/presence.js';
import { ephemeral } from './ephemeral.js';
import type { z } from 'zod';

/** What changed within a second of those the device subscribes to; of two states the higher `version` is newer. */
export const PresenceChanged = ephemeral('presence.changed', Presences);
export type PresenceChanged = z.infer<typeof PresenceChanged>;
