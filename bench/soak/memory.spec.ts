import { describe, expect, it } from '@jest/globals';
import { highest, middle, rise, type Sample } from './memory.ts';

const samples = (...megabytes: number[]): Sample[] =>
  megabytes.map((size, index) => ({ at: 1_000_000 + index * 5_000, megabytes: size }));

describe('the rise of memory', () => {
  it('is that of a straight line', () => {
    expect(rise(samples(100, 110, 120, 130))).toBeCloseTo(30);
    expect(rise(samples(130, 120, 110, 100))).toBeCloseTo(-30);
  });

  it('is nothing where memory goes up and down around the same size', () => {
    expect(rise(samples(100, 120, 100, 120, 100))).toBeCloseTo(0);
    expect(rise(samples(100, 100, 100))).toBe(0);
  });

  it('shows a leak under the noise of collections', () => {
    const leaking = Array.from({ length: 200 }, (_, index) => 100 + index * 0.2 + (index % 7) * 5);
    expect(rise(samples(...leaking))).toBeGreaterThan(38);
    expect(rise(samples(...leaking))).toBeLessThan(42);
  });

  it('can’t be told from one sample', () => {
    expect(rise(samples(100))).toBeNaN();
    expect(rise([])).toBeNaN();
  });

  it('is told with the middle and the highest', () => {
    expect([middle(samples(1, 9, 3)), highest(samples(1, 9, 3))]).toEqual([3, 9]);
  });
});
