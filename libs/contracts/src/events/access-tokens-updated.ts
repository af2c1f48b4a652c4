import type { z } from 'zod';
import { AccessTokens } from '../http/access-tokens.js';
import { event } from './envelope.js';

/** Account event: all of one's own personal access tokens, on all of one's devices. */
export const AccessTokensUpdated = event('access_tokens.updated', AccessTokens);
export type AccessTokensUpdated = z.infer<typeof AccessTokensUpdated>;
