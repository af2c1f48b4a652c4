import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs, MAX_DELAY_MS } from './backoff.js';

const failures = fc.integer({ min: 1, max: 10_000 });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  it('stays within full jitter and its maximum', () => {
    fc.assert(
      fc.property(failures, fc.integer({ min: 0, max: 60_000 }), chance, (count, base, random) => {
        const delay = backoffMs(count, base, () => random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(MAX_DELAY_MS, base * 2 ** Math.min(count - 1, 1000)));
      }),
    );
  });

  it('doubles its bound with each failure', () => {
    expect([1, 2, 3, 4].map((count) => backoffMs(count, 1000, () => 0.5))).toEqual([500, 1000, 2000, 4000]);
  });

  it('is never sooner than Retry-After', () => {
    fc.assert(
      fc.property(failures, fc.nat(120_000), chance, (count, retryAfter, random) => {
        const delay = backoffMs(count, 1000, () => random, retryAfter);
        expect(delay).toBeGreaterThanOrEqual(retryAfter);
        expect(delay).toBeLessThanOrEqual(retryAfter + MAX_DELAY_MS);
      }),
    );
  });
});
