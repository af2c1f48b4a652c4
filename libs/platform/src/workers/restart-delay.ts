const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/** A worker that lived this long was a good one: counting begins anew after it. */
export const STABLE_MS = 30_000;

/** How long to wait before a worker is started again that ended `failures` times in a row. */
export const restartDelayMs = (failures: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
