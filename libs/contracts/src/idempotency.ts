import { z } from 'zod';
import type { Route } from './routes/route.js';
import { tags } from './tags.js';

/** Chosen by the client, unlike any other of its requests: a UUID for example. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/**
 * Whether repeating a request with the same `Idempotency-Key` gives the first reply again instead of doing
 * it twice (draft-ietf-httpapi-idempotency-key-header). Other methods are idempotent by themselves; what
 * guards an account is left out, for its replies hold secrets that are not to be kept, and so is what
 * other services do: it leaves nothing that there could be two of.
 */
export const takesIdempotencyKey = ({ method, service, tag, auth, streamed }: Route): boolean =>
  method === 'POST' &&
  service === 'chat' &&
  auth !== false &&
  tags[tag].tokens === 'scoped' &&
  streamed !== true;
