import type { Entry } from './entry.js';

/** Some of the events of an audience; those with the same key are the same. */
export interface Wish {
  readonly key: string;
  /** Whether events of a type can be wanted. */
  wants(type: string): boolean;
  passes(entry: Entry): boolean;
}

/** Whoever frames are written to. `burst` belongs to the fan-out while it flushes. */
export interface Subscriber {
  burst: Audience | Audience[] | null;
  /** Null for who wants everything. */
  readonly filter: Wish | null;
  send(bytes: Buffer, frames: number): void;
}

/** People who hear the same events (a channel's members, a workspace, one user), and this tick's events. */
export class Audience {
  readonly subscribers = new Set<Subscriber>();
  readonly burst: Entry[] = [];
  /** Those who want only some of the events, by the key of their filter; null while there is nobody. */
  parts: Map<string, Part> | null = null;
  /** Routes that name this audience; it is forgotten with the last. */
  routes = 0;
  slot = 0;

  constructor(readonly id: string) {}

  /** Events of this tick may be on their way to it. */
  get busy(): boolean {
    return this.burst.length > 0 || this.parts !== null;
  }

  add(subscriber: Subscriber): void {
    const { filter } = subscriber;
    if (filter === null) {
      this.subscribers.add(subscriber);
      return;
    }
    this.parts ??= new Map();
    let part = this.parts.get(filter.key);
    if (!part) this.parts.set(filter.key, (part = new Part(this.id, filter)));
    part.subscribers.add(subscriber);
  }

  delete(subscriber: Subscriber): void {
    const { filter } = subscriber;
    if (filter === null) {
      this.subscribers.delete(subscriber);
      return;
    }
    const part = this.parts?.get(filter.key);
    if (!part?.subscribers.delete(subscriber) || part.subscribers.size > 0) return;
    this.parts?.delete(filter.key);
    if (this.parts?.size === 0) this.parts = null;
  }
}

/** Those of an audience who want the same of its events: the filter is asked once for all of them. */
export class Part extends Audience {
  constructor(
    id: string,
    readonly filter: Wish,
  ) {
    super(id);
  }
}
