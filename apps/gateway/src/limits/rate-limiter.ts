export type Verdict = {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Seconds until the bucket is full. */
  resetSeconds: number;
  /** Seconds until it allows one more; 0 while it does. */
  retryAfterSeconds: number;
};

type Bucket = { tokens: number; at: number; unsettled: number };

const MAX_BUCKETS = 200_000;

/**
 * Token buckets of `perMinute` tokens, refilled steadily, answered from memory. What was taken is told to
 * the other gateways later, through `unsettled` and `settle`, so a key can be overdrawn for one interval,
 * and pays for it in the next.
 */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();
  private readonly perMs: number;

  constructor(
    readonly name: string,
    readonly perMinute: number,
    private readonly now: () => number,
  ) {
    this.perMs = perMinute / 60_000;
  }

  get enabled(): boolean {
    return this.perMinute > 0;
  }

  take(key: string): Verdict {
    const bucket = this.bucket(key);
    const allowed = bucket.tokens >= 1;
    if (allowed) {
      bucket.tokens -= 1;
      bucket.unsettled += 1;
    }
    return {
      allowed,
      limit: this.perMinute,
      remaining: Math.max(0, Math.floor(bucket.tokens)),
      resetSeconds: Math.ceil((this.perMinute - bucket.tokens) / this.perMs / 1000),
      retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((1 - bucket.tokens) / this.perMs / 1000)),
    };
  }

  /** What was taken since the last call, by key. Buckets that are full again are forgotten. */
  unsettled(): Map<string, number> {
    const taken = new Map<string, number>();
    for (const [key, bucket] of this.buckets) {
      this.refill(bucket);
      if (bucket.unsettled > 0) taken.set(key, bucket.unsettled);
      else if (bucket.tokens >= this.perMinute) this.buckets.delete(key);
      bucket.unsettled = 0;
    }
    return taken;
  }

  /** `tokens` is what all gateways together have left; what was taken here meanwhile comes off. */
  settle(key: string, tokens: number): void {
    const bucket = this.buckets.get(key);
    if (!bucket) return;
    bucket.tokens = Math.min(this.perMinute, tokens) - bucket.unsettled;
    bucket.at = this.now();
  }

  /** A settlement that failed: it is tried again with the next one. */
  unsettle(key: string, taken: number): void {
    const bucket = this.buckets.get(key);
    if (bucket) bucket.unsettled = Math.min(this.perMinute, bucket.unsettled + taken);
  }

  private bucket(key: string): Bucket {
    const known = this.buckets.get(key);
    if (known) {
      this.refill(known);
      return known;
    }
    if (this.buckets.size >= MAX_BUCKETS) {
      const [oldest] = this.buckets.keys();
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    const fresh = { tokens: this.perMinute, at: this.now(), unsettled: 0 };
    this.buckets.set(key, fresh);
    return fresh;
  }

  private refill(bucket: Bucket): void {
    const now = this.now();
    bucket.tokens = Math.min(this.perMinute, bucket.tokens + Math.max(0, now - bucket.at) * this.perMs);
    bucket.at = now;
  }
}
