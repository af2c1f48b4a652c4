import { Audience as Hearers } from '#streams';
import type { Entry } from './entry.js';
import type { Stream } from './stream.js';

/** Some of the events of an audience; those with the same key are the same. */
export interface Wish {
  readonly key: string;
  /** Whether events of a type can be wanted. */
  wants(type: string): boolean;
  passes(entry: Entry): boolean;
}

/** An audience as the routing table knows it. */
export class Audience extends Hearers {
  /** Those who want only some of the events, by the key of their filter; null while there is nobody. */
  parts: Map<string, Part> | null = null;
  /** Routes that name this audience; it is forgotten with the last. */
  routes = 0;

  constructor(readonly id: string) {
    super();
  }

  /** Events of this tick may be on their way to it. */
  get busy(): boolean {
    return this.burst.length > 0 || this.parts !== null;
  }

  override get heard(): boolean {
    return super.heard || this.parts !== null;
  }

  /** A stream that is not in it. */
  add({ filter, outlet }: Stream): void {
    if (filter === null) return outlet.enter(this);
    this.parts ??= new Map();
    let part = this.parts.get(filter.key);
    if (!part) this.parts.set(filter.key, (part = new Part(this.id, filter)));
    outlet.enter(part);
  }

  /** A stream that is in it. */
  delete({ filter, outlet }: Stream): void {
    if (filter === null) return outlet.leave(this);
    const part = this.parts?.get(filter.key);
    if (!part) return;
    outlet.leave(part);
    if (part.heard) return;
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
