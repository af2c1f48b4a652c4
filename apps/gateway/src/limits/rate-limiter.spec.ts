import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RateLimiter } from './rate-limiter.js';

const setUp = (perMinute = 60) => {
  const clock = { ms: 0 };
  return { clock, limiter: new RateLimiter('requests', perMinute, () => clock.ms) };
};
const drain = (limiter: RateLimiter, key: string, times: number) =>
  Array.from({ length: times }, () => limiter.take(key)).at(-1);

describe('RateLimiter', () => {
  it('gives the whole minute at once, then one per share of the minute', () => {
    const { limiter, clock } = setUp();
    expect(drain(limiter, 'a', 60)).toEqual({
      allowed: true,
      limit: 60,
      remaining: 0,
      resetSeconds: 60,
      retryAfterSeconds: 0,
    });
    expect(limiter.take('a')).toMatchObject({ allowed: false, retryAfterSeconds: 1 });
    clock.ms = 1000;
    expect(limiter.take('a').allowed).toBe(true);
    expect(limiter.take('a').allowed).toBe(false);
  });

  it('keeps keys apart', () => {
    const { limiter } = setUp(1);
    limiter.take('a');
    expect(limiter.take('a').allowed).toBe(false);
    expect(limiter.take('b').allowed).toBe(true);
  });

  it('never allows more than a full bucket and its refill', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 200 }), (waits) => {
        const { limiter, clock } = setUp(20);
        let allowed = 0;
        for (const wait of waits) {
          clock.ms += wait;
          if (limiter.take('a').allowed) allowed += 1;
        }
        expect(allowed).toBeLessThanOrEqual(20 + Math.floor((clock.ms * 20) / 60_000));
      }),
    );
  });

  it('tells what was taken once, and again only if settling failed', () => {
    const { limiter } = setUp();
    drain(limiter, 'a', 3);
    expect([...limiter.unsettled()]).toEqual([['a', 3]]);
    expect([...limiter.unsettled()]).toEqual([]);
    limiter.unsettle('a', 3);
    expect([...limiter.unsettled()]).toEqual([['a', 3]]);
  });

  it('takes over what all gateways have left, less what was taken meanwhile', () => {
    const { limiter } = setUp();
    drain(limiter, 'a', 3);
    limiter.unsettled();
    limiter.take('a');
    limiter.settle('a', 11);
    expect(limiter.take('a').remaining).toBe(9);
  });

  it('makes a key wait for what others overdrew', () => {
    const { limiter } = setUp();
    limiter.take('a');
    limiter.unsettled();
    limiter.settle('a', -5);
    expect(limiter.take('a')).toMatchObject({ allowed: false, retryAfterSeconds: 6 });
  });

  it('forgets full buckets, and does not mind news about forgotten ones', () => {
    const { limiter, clock } = setUp();
    limiter.take('a');
    limiter.unsettled();
    clock.ms = 60_000;
    limiter.unsettled();
    limiter.settle('a', 1);
    limiter.unsettle('a', 1);
    expect(limiter.take('a').remaining).toBe(59);
  });

  it('is off at zero', () => {
    expect(setUp(0).limiter.enabled).toBe(false);
  });
});
