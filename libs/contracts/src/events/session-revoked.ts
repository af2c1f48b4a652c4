import { z } from 'zod';
import { SessionId } from '../ids.js';
import { event } from './envelope.js';

/**
 * Account event: ends the session's streams and voids its access tokens at once. A personal access token
 * that was revoked is told the same way, with its own id.
 */
export const SessionRevoked = event('session.revoked', z.object({ sessionId: SessionId }));
export type SessionRevoked = z.infer<typeof SessionRevoked>;
