import type { AccessToken, AccessTokenId, TokenScope, UserId } from '#contracts';

export const MAX_ACCESS_TOKENS = 50;
const HOUR_MS = 3_600_000;

export type AccessTokenRow = {
  id: AccessTokenId;
  userId: UserId;
  hint: string;
  name: string;
  scopes: TokenScope[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
};

export const presentAccessToken = (row: AccessTokenRow): AccessToken => ({
  id: row.id,
  name: row.name,
  hint: row.hint,
  scopes: row.scopes,
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});

/** The hour of a use, if it is to be noted: once in each, so that use costs no write. */
export const hourToNote = (lastUsedAt: Date | null, now: Date): Date | null => {
  const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
  return lastUsedAt && lastUsedAt >= hour ? null : hour;
};
