/** How often each of many may do something: `limit` times per window. Forgets everyone with each window. */
export class Pace {
  private counts = new Map<string, number>();
  private since = -Infinity;

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** 0 when allowed, else the seconds to wait. */
  take(key: string, now: number): number {
    if (now - this.since >= this.windowMs) {
      this.counts = new Map();
      this.since = now;
    }
    const count = this.counts.get(key) ?? 0;
    if (count >= this.limit) return Math.max(1, Math.ceil((this.since + this.windowMs - now) / 1000));
    this.counts.set(key, count + 1);
    return 0;
  }
}
