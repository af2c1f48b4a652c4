export const MAX_DELAY_MS = 30_000;

/**
 * Exponential backoff with full jitter: uniform in [0, base·2^(failures−1)), at most `MAX_DELAY_MS`. With
 * `retryAfterMs` it is never sooner than that, and spread behind it, so that not everyone returns at once.
 */
export const backoffMs = (
  failures: number,
  baseMs: number,
  random: () => number,
  retryAfterMs: number | null = null,
): number => {
  // Beyond 2^20 the bound is reached anyway; the limit keeps the power finite.
  const bound = Math.min(MAX_DELAY_MS, baseMs * 2 ** Math.min(failures - 1, 20));
  return Math.floor((retryAfterMs ?? 0) + random() * bound);
};
