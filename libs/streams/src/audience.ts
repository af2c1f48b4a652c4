/** What everyone in an audience hears, as it goes over the wire, and its place in the order of things. */
export type Framed = { readonly seq: number; readonly frame: Buffer };

/** Whoever frames are written to. `burst` belongs to the fan-out while it flushes. */
export interface Subscriber {
  burst: Audience | Audience[] | null;
  send(bytes: Buffer, frames: number): void;
}

/** Another process that has subscribers of an audience: it gets each frame once, for all of them, at once. */
export interface Relay {
  pass(frame: Buffer): void;
}

/** People who hear the same events (a channel's members, a workspace, one user), and this tick's events. */
export class Audience {
  readonly subscribers = new Set<Subscriber>();
  /** By the link they are behind; null while there are none. */
  relays: Map<object, Relay> | null = null;
  readonly burst: Framed[] = [];
  slot = 0;

  /** Whether there is anyone in it. */
  get heard(): boolean {
    return this.subscribers.size > 0 || this.relays !== null;
  }
}
