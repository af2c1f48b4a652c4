import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { restartDelayMs } from './restart-delay.js';

describe('restartDelayMs', () => {
  it('begins with a quarter of a second, doubles, and stays below ten', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(restartDelayMs)).toEqual([
      250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000,
    ]);
  });

  it('never shrinks with more failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (n) =>
        expect(restartDelayMs(n + 1)).toBeGreaterThanOrEqual(restartDelayMs(n)),
      ),
    );
  });
});
