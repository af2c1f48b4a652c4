/** Runs `task` while nobody else of the same browser profile holds the lock. */
export type Lock = <T>(task: () => Promise<T>) => Promise<T>;

type WithLocks = { navigator?: { locks?: { request<T>(name: string, task: () => Promise<T>): Promise<T> } } };

/**
 * Refresh tokens rotate, and using one twice ends the session: tabs must take turns. Web Locks exist in
 * secure contexts only; without them two tabs may, rarely, collide.
 */
export const browserLock = (scope: WithLocks = globalThis): Lock => {
  const locks = scope.navigator?.locks;
  return (task) => (locks ? locks.request('parley:session', task) : task());
};
