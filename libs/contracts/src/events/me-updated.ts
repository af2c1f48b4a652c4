import { z } from 'zod';
import { Me } from '../http/accounts.js';
import { event } from './envelope.js';

/** Account event: my own profile changed, on whatever device; the higher `version` is newer. */
export const MeUpdated = event('me.updated', z.object({ me: Me }));
export type MeUpdated = z.infer<typeof MeUpdated>;
