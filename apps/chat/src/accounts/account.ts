import type { Me, Session as SessionView, User as UserView } from '#contracts';
import type { Session } from './session.entity.js';
import type { User } from './user.entity.js';

/** A used refresh token may come again this soon: two tabs that refresh at once are not a thief. */
export const REUSE_LEEWAY_MS = 10_000;

/** What to do with a refresh token that was found. */
export const judgeRefresh = (
  session: Pick<Session, 'revokedAt' | 'expiresAt'>,
  usedAt: Date | null,
  now: Date,
): 'rotate' | 'reused' | 'invalid' => {
  if (session.revokedAt || session.expiresAt <= now) return 'invalid';
  if (usedAt && now.getTime() - usedAt.getTime() > REUSE_LEEWAY_MS) return 'reused';
  return 'rotate';
};

export const presentUser = (user: Pick<User, 'id' | 'name' | 'kind'>): UserView => ({
  id: user.id,
  name: user.name,
  kind: user.kind,
});

export const presentMe = (user: User): Me => ({
  ...presentUser(user),
  email: user.email ?? '',
  createdAt: user.createdAt.toISOString(),
});

export const presentSession = (session: Session, currentId: string): SessionView => ({
  id: session.id,
  userAgent: session.userAgent,
  ip: session.ip,
  createdAt: session.createdAt.toISOString(),
  lastSeenAt: session.lastSeenAt.toISOString(),
  current: session.id === currentId,
});
