import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scheduleOf, TARGETS } from './schedule.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const minutes = (count: number) => count * 60_000;

describe('the schedule of faults', () => {
  it('is a pure function of the seed', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(scheduleOf(seed, minutes(5))).toEqual(scheduleOf(seed, minutes(5)));
      }),
    );
  });

  it('differs from seed to seed', () => {
    expect(scheduleOf(1, minutes(2))).not.toEqual(scheduleOf(2, minutes(2)));
  });

  it('is in the order of time and over when the time is', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const faults = scheduleOf(seed, minutes(3));
        faults.forEach(({ at, forMs }, index) => {
          expect(at).toBeGreaterThanOrEqual(faults[index - 1]?.at ?? 0);
          expect(at + forMs).toBeLessThanOrEqual(minutes(3));
        });
      }),
    );
  });

  it('spares nobody and leaves out no kind of fault', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const faults = scheduleOf(seed, minutes(10));
        expect(new Set(faults.map(({ target }) => target))).toEqual(new Set(TARGETS));
        expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['kill', 'pause', 'restart']));
      }),
    );
  });

  it('freezes between one and fifteen seconds', () => {
    const pauses = scheduleOf(7, minutes(60)).filter(({ kind, at }) => kind === 'pause' && at < minutes(59));
    expect(pauses.length).toBeGreaterThan(10);
    for (const { forMs } of pauses) {
      expect(forMs).toBeGreaterThanOrEqual(1_000);
      expect(forMs).toBeLessThanOrEqual(15_000);
    }
  });

  it('lets faults overlap', () => {
    const faults = scheduleOf(3, minutes(10));
    expect(faults.some(({ at, forMs }, index) => (faults[index + 1]?.at ?? Infinity) < at + forMs)).toBe(
      true,
    );
  });
});
