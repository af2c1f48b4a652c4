import { setTimeout as delay } from 'node:timers/promises';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Waits for the next hour or day (of UTC) when it would begin in the middle of what follows. */
export const awayFromEdge = async (everyMs: number, { marginMs = 20_000 } = {}): Promise<void> => {
  const left = everyMs - (Date.now() % everyMs);
  if (left < marginMs) await delay(left + 1);
};
