import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { waitMs } from './waiting.js';

it('waiting grows with each attempt, within bounds, and is never shorter than asked for', () => {
  const attempts = fc.integer({ min: 1, max: 1000 });
  const chance = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(attempts, chance, fc.integer({ min: 0, max: 3600_000 }), (attempt, random, asked) => {
      const wait = waitMs(attempt, asked, random);
      expect(wait).toBeGreaterThanOrEqual(Math.max(15_000, asked));
      expect(wait).toBeLessThanOrEqual(1.5 * 3600_000);
      expect(waitMs(attempt + 1, null, random)).toBeGreaterThanOrEqual(waitMs(attempt, null, random));
    }),
  );
});
