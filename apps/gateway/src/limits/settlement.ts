import type { Logger } from '#platform';
import type { RateLimiter } from './rate-limiter.js';

/** The one command this needs of a Redis client. */
export type ScriptRunner = {
  eval(script: string, numberOfKeys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
};

const INTERVAL_MS = 1000;
const BATCH = 500;

/** Takes from many shared buckets at once. The clock is Redis's, so gateways need not agree on the time. */
const SETTLE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local capacity, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local left = {}
for i, key in ipairs(KEYS) do
  local bucket = redis.call('HMGET', key, 'tokens', 'at')
  local tokens = capacity
  if bucket[1] then
    tokens = math.min(capacity, tonumber(bucket[1]) + math.max(0, now - tonumber(bucket[2])) * rate)
  end
  tokens = math.max(-capacity, tokens - tonumber(ARGV[i + 2]))
  redis.call('HSET', key, 'tokens', tokens, 'at', now)
  redis.call('PEXPIRE', key, math.ceil((capacity - tokens) / rate) + 1000)
  left[i] = tostring(tokens)
end
return left`;

/** Tells Redis once a second what the local buckets gave away. Without Redis each gateway limits alone. */
export class Settlement {
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private failing = false;

  constructor(
    private readonly redis: ScriptRunner,
    private readonly limiters: readonly RateLimiter[],
    private readonly logger: Logger,
  ) {}

  start(intervalMs = INTERVAL_MS): void {
    this.timer = setInterval(() => void this.settle(), intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async settle(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (const limiter of this.limiters) {
        const taken = [...limiter.unsettled()];
        for (let i = 0; i < taken.length; i += BATCH) await this.batch(limiter, taken.slice(i, i + BATCH));
      }
    } finally {
      this.running = false;
    }
  }

  private async batch(limiter: RateLimiter, taken: [string, number][]): Promise<void> {
    // One hash tag: a Redis cluster wants the keys of a script in one slot.
    const keys = taken.map(([key]) => `ratelimit:{${limiter.name}}:${key}`);
    const counts = taken.map(([, count]) => count);
    try {
      const perMs = limiter.perMinute / 60_000;
      const left = await this.redis.eval(SETTLE, keys.length, ...keys, limiter.perMinute, perMs, ...counts);
      taken.forEach(([key], i) => limiter.settle(key, Number((left as string[])[i])));
      this.failing = false;
    } catch (error) {
      for (const [key, count] of taken) limiter.unsettle(key, count);
      if (!this.failing) this.logger.warn({ err: (error as Error).message }, 'rate limits are local for now');
      this.failing = true;
    }
  }
}
