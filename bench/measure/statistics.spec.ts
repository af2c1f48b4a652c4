import { describe, expect, it } from '@jest/globals';
import { median, pairedRatio, percentile, spread } from './statistics.ts';

describe('percentile', () => {
  it('takes the nearest rank and never a value that was not measured', () => {
    const samples = [15, 20, 35, 40, 50];
    expect(percentile(samples, 0.3)).toBe(20);
    expect(percentile(samples, 0.5)).toBe(35);
    expect(percentile(samples, 1)).toBe(50);
    expect(percentile(samples, 0)).toBe(15);
  });

  it('is not a number without samples', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('median and spread', () => {
  it('ignores the order of the samples and one outlier', () => {
    expect(median([9, 1, 1000])).toBe(9);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('tells half the range relative to the median', () => {
    expect(spread([90, 100, 110])).toBeCloseTo(0.1);
    expect(spread([100])).toBe(0);
    expect(spread([])).toBeNaN();
  });
});

describe('pairedRatio', () => {
  it('cancels a drift that hits both sides of a round', () => {
    expect(pairedRatio([50, 100, 25], [100, 200, 50])).toBe(0.5);
  });

  it('leaves out rounds the peer did not finish', () => {
    expect(pairedRatio([50, 100], [100])).toBe(0.5);
    expect(pairedRatio([50], [0])).toBeNaN();
    expect(pairedRatio([], [])).toBeNaN();
  });
});
