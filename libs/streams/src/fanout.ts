import { Audience, type Framed, type Subscriber } from './audience.js';

type Joined = { bytes: Buffer; frames: number };

const join = (burst: readonly Framed[]): Joined => ({
  bytes: burst.length === 1 ? (burst[0] as Framed).frame : Buffer.concat(burst.map(({ frame }) => frame)),
  frames: burst.length,
});

/**
 * Gathers the events of one tick per audience, then writes once per subscriber. Subscribers of the same
 * audiences share one buffer, so an event costs a subscriber nothing but its part of a socket write.
 * Relays get each event at once: what they lead to gathers for itself.
 */
export class Fanout {
  private dirty: Audience[] = [];
  private scheduled = false;
  private readonly run = () => {
    this.scheduled = false;
    this.flush();
  };

  push(audience: Audience, framed: Framed): void {
    if (audience.relays !== null) for (const relay of audience.relays.values()) relay.pass(framed.frame);
    if (audience.subscribers.size === 0) return;
    if (audience.burst.length === 0) {
      this.dirty.push(audience);
      if (!this.scheduled) {
        this.scheduled = true;
        setImmediate(this.run);
      }
    }
    audience.burst.push(framed);
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
const inOrder = (burst: Audience | Audience[]): Framed[] =>
  burst instanceof Audience
    ? burst.burst
    : burst.flatMap((audience) => audience.burst).sort((a, b) => a.seq - b.seq);
