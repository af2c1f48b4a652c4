import type { SessionId, UserId } from '#contracts';

/**
 * Who makes a request. `expiresAt` is in ms. `scopes` bound what a personal access token may do; they are
 * null for a session, and then `sessionId` is its id, else that of the token.
 */
export type Principal = {
  userId: UserId;
  sessionId: SessionId;
  kind: 'user' | 'bot';
  expiresAt: number;
  scopes: readonly string[] | null;
};
