import { Audience, type Subscriber } from './audience.js';
import type { Entry } from './entry.js';

type Joined = { bytes: Buffer; frames: number };

const join = (entries: readonly Entry[]): Joined => ({
  bytes:
    entries.length === 1 ? (entries[0] as Entry).frame : Buffer.concat(entries.map((entry) => entry.frame)),
  frames: entries.length,
});

/**
 * Gathers the events of one tick per audience, then writes once per subscriber. Subscribers of the same
 * audiences share one buffer, so an event costs a subscriber nothing but its part of a socket write.
 */
export class Fanout {
  private dirty: Audience[] = [];
  private scheduled = false;
  private readonly run = () => {
    this.scheduled = false;
    this.flush();
  };

  push(audience: Audience, entry: Entry): void {
    if (audience.subscribers.size === 0) return;
    if (audience.burst.length === 0) {
      this.dirty.push(audience);
      if (!this.scheduled) {
        this.scheduled = true;
        setImmediate(this.run);
      }
    }
    audience.burst.push(entry);
  }

  /** Must run before an audience with a burst gains or loses a subscriber. */
  flush(): void {
    const { dirty } = this;
    if (dirty.length === 0) return;
    this.dirty = [];
    if (dirty.length === 1) {
      const [only] = dirty as [Audience];
      const { bytes, frames } = join(only.burst);
      for (const subscriber of only.subscribers) subscriber.send(bytes, frames);
    } else this.flushMany(dirty);
    for (const audience of dirty) audience.burst.length = 0;
  }

  private flushMany(dirty: Audience[]): void {
    const touched: Subscriber[] = [];
    dirty.forEach((audience, slot) => {
      audience.slot = slot;
      for (const subscriber of audience.subscribers) {
        const { burst } = subscriber;
        if (burst === null) {
          subscriber.burst = audience;
          touched.push(subscriber);
        } else if (burst instanceof Audience) subscriber.burst = [burst, audience];
        else burst.push(audience);
      }
    });
    const joined = new Map<string | number, Joined>();
    for (const subscriber of touched) {
      const burst = subscriber.burst as Audience | Audience[];
      subscriber.burst = null;
      const key = burst instanceof Audience ? burst.slot : burst.map((audience) => audience.slot).join();
      let found = joined.get(key);
      if (!found) joined.set(key, (found = join(inOrder(burst))));
      subscriber.send(found.bytes, found.frames);
    }
  }
}

/** An event is in one of a subscriber's audiences only, so merging by position neither loses nor doubles. */
const inOrder = (burst: Audience | Audience[]): Entry[] =>
  burst instanceof Audience
    ? burst.burst
    : burst.flatMap((audience) => audience.burst).sort((a, b) => a.seq - b.seq);
