/** Something that wants a sign of life sent at times. */
export interface Beating {
  bucket: number;
  beat(): void;
}

const BUCKETS = 20;

/** One timer for all streams. They are spread over its ticks, so that the work is too. */
export class Heartbeat {
  private readonly buckets = Array.from({ length: BUCKETS }, () => new Set<Beating>());
  private next = 0;
  private tick = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(intervalMs: number) {
    this.timer = setInterval(() => this.beat(), intervalMs / BUCKETS);
    this.timer.unref();
  }

  add(beating: Beating): void {
    beating.bucket = this.next++ % BUCKETS;
    this.buckets[beating.bucket]?.add(beating);
  }

  remove(beating: Beating): void {
    this.buckets[beating.bucket]?.delete(beating);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private beat(): void {
    for (const beating of this.buckets[this.tick++ % BUCKETS] ?? []) beating.beat();
  }
}
