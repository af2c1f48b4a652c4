import type { z } from 'zod';
import { Passkeys } from '../http/passkeys.js';
import { event } from './envelope.js';

/** Account event: all of one's own passkeys, on all of one's devices. */
export const PasskeysUpdated = event('passkeys.updated', Passkeys);
export type PasskeysUpdated = z.infer<typeof PasskeysUpdated>;
