const FIRST_MS = 15_000;
const MAX_MS = 3600_000;

/**
 * Until the next attempt: longer after each, never less than the other side asked for, and up to a half more by
 * chance, so that not all come back at once.
 */
export const waitMs = (attempt: number, askedMs: number | null, random = Math.random()): number => {
  const backoff = Math.min(FIRST_MS * 4 ** Math.min(attempt - 1, 10), MAX_MS);
  return Math.round(Math.max(backoff, askedMs ?? 0) * (1 + random / 2));
};
