import {
  deviceOf,
  type Me,
  type Register,
  type Session as SessionView,
  type Status,
  type User,
  type UserId,
} from '#contracts';
import { uuidv7 } from '#core';
import type { Session } from './session.entity.js';
import type { User as Account } from './user.entity.js';
import type { MeRow, UserRow } from './user-row.js';

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

/** The account of someone who registers: nothing is known of them yet. */
export const newAccount = (
  { name, email }: Pick<Register, 'name' | 'email'>,
  passwordHash: string,
  createdAt: Date,
): Account => ({
  id: uuidv7() as UserId,
  kind: 'user',
  name,
  email,
  emailVerifiedAt: null,
  pendingEmail: null,
  passwordHash,
  title: '',
  pronouns: '',
  timeZone: null,
  locale: null,
  avatarImageId: null,
  status: null,
  version: 0,
  createdAt,
  deletedAt: null,
});

/** A status counts until it runs out, whether or not it was cleared since. */
export const currentStatus = (status: Status | null, now: Date): Status | null =>
  status?.expiresAt && Date.parse(status.expiresAt) <= now.getTime() ? null : status;

/** What others see; what the person has not said is left out. */
export const presentUser = (row: UserRow, now: Date): User => {
  const status = currentStatus(row.status, now);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    ...(row.title && { title: row.title }),
    ...(row.pronouns && { pronouns: row.pronouns }),
    ...(row.timeZone && { timeZone: row.timeZone }),
    ...(row.avatarImageId && { avatarImageId: row.avatarImageId }),
    ...(status && { status }),
    ...(row.deletedAt && { deleted: true as const }),
    ...(row.version > 0 && { version: row.version }),
  };
};

export const presentMe = (row: MeRow, now: Date): Me => ({
  ...presentUser(row, now),
  email: row.email ?? '',
  emailVerified: row.emailVerifiedAt !== null,
  ...(row.pendingEmail && { pendingEmail: row.pendingEmail }),
  ...(row.locale && { locale: row.locale }),
  createdAt: row.createdAt.toISOString(),
});

export const presentSession = (session: Session, currentId: string): SessionView => ({
  id: session.id,
  userAgent: session.userAgent,
  device: deviceOf(session.userAgent),
  ip: session.ip,
  openedBy: session.openedBy,
  createdAt: session.createdAt.toISOString(),
  lastSeenAt: session.lastSeenAt.toISOString(),
  current: session.id === currentId,
});
