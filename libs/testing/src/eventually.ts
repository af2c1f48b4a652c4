import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats an assertion until it holds and resolves to its value; at the end of the time its last error is thrown.
 * The time is for a machine that is busy with other things: whoever waits for what comes waits no longer for it.
 */
export const eventually = async <T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 20_000, everyMs = 20 } = {},
): Promise<T> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await delay(everyMs);
    }
  }
};
