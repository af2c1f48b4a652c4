import { z } from 'zod';
import { TwoFactor } from '../http/two-factor.js';
import { event } from './envelope.js';

/** Account event: the state of one's own second factor, on all of one's devices. */
export const TwoFactorUpdated = event('two_factor.updated', z.object({ twoFactor: TwoFactor }));
export type TwoFactorUpdated = z.infer<typeof TwoFactorUpdated>;
