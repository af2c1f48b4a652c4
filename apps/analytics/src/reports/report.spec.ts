import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { firstDay, mayReadReports } from './report.js';

describe('report', () => {
  it('is for owners and admins, not for members and bots', () => {
    expect((['owner', 'admin', 'member', 'bot'] as const).filter(mayReadReports)).toEqual(['owner', 'admin']);
  });

  it('of one day is today', () => {
    expect(firstDay(new Date('2026-03-01T23:59:59.999Z'), 1)).toEqual(new Date('2026-03-01T00:00:00Z'));
  });

  it('goes back over the ends of months and years', () => {
    expect(firstDay(new Date('2026-03-01T12:00:00Z'), 2)).toEqual(new Date('2026-02-28T00:00:00Z'));
    expect(firstDay(new Date('2026-01-01T00:00:00Z'), 366)).toEqual(new Date('2025-01-01T00:00:00Z'));
  });

  const years = { min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true };
  test.prop([fc.date(years), fc.integer({ min: 1, max: 366 })])(
    'has as many days as asked for',
    (now, days) => {
      const span = now.getTime() - firstDay(now, days).getTime();
      expect(Math.floor(span / 86_400_000)).toBe(days - 1);
    },
  );
});
