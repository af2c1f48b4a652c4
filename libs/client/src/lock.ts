/** Runs `task` while nobody else holds the same lock; gives what the task gives. */
export type Lock = <T>(task: () => Promise<T>) => Promise<T>;

type WithLocks = { navigator?: { locks?: { request<T>(name: string, task: () => Promise<T>): Promise<T> } } };

/**
 * A lock that all tabs of a browser profile share, and which the browser lets go of when a tab dies. Web
 * Locks exist in secure contexts only, and are refused to some frames: without them tabs don't wait for
 * each other.
 */
export const browserLock =
  (name: string, scope: WithLocks = globalThis): Lock =>
  async (task) => {
    const locks = scope.navigator?.locks;
    if (!locks) return task();
    let begun = false;
    const run = () => {
      begun = true;
      return task();
    };
    try {
      return await locks.request(name, run);
    } catch (error) {
      if (begun) throw error;
      return task();
    }
  };
