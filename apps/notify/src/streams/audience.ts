import type { Entry } from './entry.js';

/** Whoever frames are written to. `burst` belongs to the fan-out while it flushes. */
export interface Subscriber {
  burst: Audience | Audience[] | null;
  send(bytes: Buffer, frames: number): void;
}

/** People who hear the same events (a channel's members, a workspace, one user), and this tick's events. */
export class Audience {
  readonly subscribers = new Set<Subscriber>();
  readonly burst: Entry[] = [];
  /** Routes that name this audience; it is forgotten with the last. */
  routes = 0;
  slot = 0;

  constructor(readonly id: string) {}
}
