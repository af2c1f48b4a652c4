/** Time and chance, so that specs can hold them still. */
export type Clock = {
  now(): number;
  /** Runs `task` once after `ms`; returns what cancels it. */
  after(ms: number, task: () => void): () => void;
};

/** Whether the device has a network at all. */
export type Connectivity = {
  isOnline(): boolean;
  /** Returns what ends the subscription. */
  subscribe(listener: (online: boolean) => void): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

type BrowserLike = {
  navigator?: { onLine?: boolean };
  addEventListener?: (type: string, listener: () => void) => void;
  removeEventListener?: (type: string, listener: () => void) => void;
};

/** Browsers tell; elsewhere the device counts as online. */
export const browserConnectivity = (scope: BrowserLike = globalThis as BrowserLike): Connectivity => ({
  // Only `false` means something: `true` may be a network without a way out.
  isOnline: () => scope.navigator?.onLine !== false,
  subscribe: (listener) => {
    const [online, offline] = [() => listener(true), () => listener(false)];
    scope.addEventListener?.('online', online);
    scope.addEventListener?.('offline', offline);
    return () => {
      scope.removeEventListener?.('online', online);
      scope.removeEventListener?.('offline', offline);
    };
  },
});
