import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { Recurrence } from '#contracts';
import { beginsOnItsDay, clocksAt, nextOccurrence } from './recurrence.js';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;
const MINUTE = 60 * 1000;

const times = (recurrence: Recurrence, first: Date, howMany: number): Date[] => {
  const all = [first];
  while (all.length < howMany) {
    const next = nextOccurrence(recurrence, first, all.at(-1) as Date);
    if (!next) break;
    all.push(next);
  }
  return all;
};
const iso = (recurrence: Partial<Recurrence>, first: string, howMany: number) =>
  times(Recurrence.parse(recurrence), new Date(first), howMany).map((time) => time.toISOString());

describe('what recurs', () => {
  it('is at nine in the morning in winter and in summer', () => {
    const daily = { freq: 'daily', timeZone: 'Europe/Berlin' } as const;
    expect(iso(daily, '2026-03-27T08:00:00.000Z', 4)).toEqual([
      '2026-03-27T08:00:00.000Z',
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ]);
  });

  it('is an hour later where the clocks skip its time, and back the day after', () => {
    const daily = { freq: 'daily', timeZone: 'America/New_York' } as const;
    expect(iso(daily, '2026-03-07T07:30:00.000Z', 3)).toEqual([
      '2026-03-07T07:30:00.000Z', // 02:30
      '2026-03-08T07:30:00.000Z', // 03:30, there is no 02:30
      '2026-03-09T06:30:00.000Z', // 02:30
    ]);
  });

  it('is once where the clocks show its time twice', () => {
    const daily = { freq: 'daily', timeZone: 'America/New_York' } as const;
    expect(iso(daily, '2026-10-31T05:30:00.000Z', 3)).toEqual([
      '2026-10-31T05:30:00.000Z', // 01:30
      '2026-11-01T05:30:00.000Z', // 01:30, the first of the two
      '2026-11-02T06:30:00.000Z', // 01:30
    ]);
  });

  it('goes on from the second of the two, when it began there', () => {
    const daily = { freq: 'daily', timeZone: 'America/New_York' } as const;
    expect(iso(daily, '2026-11-01T06:30:00.000Z', 2)).toEqual([
      '2026-11-01T06:30:00.000Z',
      '2026-11-02T06:30:00.000Z',
    ]);
  });

  it('is on the last day of months that are too short', () => {
    const monthly = { freq: 'monthly', timeZone: 'UTC' } as const;
    const days = (first: string) => iso(monthly, `${first}T09:00:00Z`, 5).map((time) => time.slice(0, 10));
    expect(days('2027-12-31')).toEqual([
      '2027-12-31',
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
      '2028-04-30',
    ]);
    expect(days('2027-01-30')).toEqual([
      '2027-01-30',
      '2027-02-28',
      '2027-03-30',
      '2027-04-30',
      '2027-05-30',
    ]);
    expect(days('2027-01-28')).toEqual([
      '2027-01-28',
      '2027-02-28',
      '2027-03-28',
      '2027-04-28',
      '2027-05-28',
    ]);
  });

  it('is on its weekdays in every other week', () => {
    const weekly = { freq: 'weekly', interval: 2, weekdays: ['fr', 'tu'], timeZone: 'Asia/Tokyo' } as const;
    expect(iso({ ...weekly, weekdays: [...weekly.weekdays] }, '2026-10-20T00:30:00.000Z', 4)).toEqual([
      '2026-10-20T00:30:00.000Z',
      '2026-10-23T00:30:00.000Z',
      '2026-11-03T00:30:00.000Z',
      '2026-11-06T00:30:00.000Z',
    ]);
  });

  it('knows whether it begins on one of its weekdays, where it is', () => {
    const weekly = Recurrence.parse({ freq: 'weekly', weekdays: ['mo'], timeZone: 'Pacific/Auckland' });
    expect(beginsOnItsDay(weekly, new Date('2026-10-18T20:00:00Z'))).toBe(true);
    expect(beginsOnItsDay(weekly, new Date('2026-10-19T20:00:00Z'))).toBe(false);
    expect(beginsOnItsDay(Recurrence.parse({ freq: 'daily', timeZone: 'UTC' }), new Date())).toBe(true);
  });

  it('ends with its last time, which may be the very moment', () => {
    const until = (last: string) => ({ freq: 'daily', until: last, timeZone: 'UTC' }) as const;
    expect(iso(until('2026-01-03T09:00:00Z'), '2026-01-01T09:00:00Z', 9)).toHaveLength(3);
    expect(iso(until('2026-01-03T08:59:59Z'), '2026-01-01T09:00:00Z', 9)).toHaveLength(2);
    expect(iso(until('2025-12-31T00:00:00Z'), '2026-01-01T09:00:00Z', 9)).toHaveLength(1);
  });

  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/Sao_Paulo',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Africa/Casablanca',
  ];
  const rule = fc
    .record({
      freq: fc.constantFrom('daily' as const, 'weekly' as const, 'monthly' as const),
      interval: fc.integer({ min: 1, max: 5 }),
      timeZone: fc.constantFrom(...zones),
    })
    .map((recurrence): Recurrence => Recurrence.parse(recurrence));
  const moment = fc
    .integer({ min: Date.parse('2009-01-01'), max: Date.parse('2040-01-01') })
    .map((ms) => new Date(ms));

  test.prop([rule, moment])(
    'is at the same time of day, but for what the clocks skip',
    (recurrence, first) => {
      const { hour, minute, second } = clocksAt(first, recurrence.timeZone);
      const ofDay = (time: { hour: number; minute: number; second: number }) =>
        ((time.hour * 60 + time.minute) * 60 + time.second) * 1000;
      for (const time of times(recurrence, first, 20).slice(1)) {
        const late = ofDay(clocksAt(time, recurrence.timeZone)) - ofDay({ hour, minute, second });
        const before = clocksAt(new Date(time.getTime() - late - 1), recurrence.timeZone);
        // Later by what was skipped, or at the time itself.
        if (late !== 0) {
          expect(late).toBeGreaterThan(0);
          expect(late).toBeLessThanOrEqual(HOUR);
          expect(ofDay(before)).not.toBe(ofDay({ hour, minute, second }));
        }
        expect(time.getTime() % 1000).toBe(first.getTime() % 1000);
      }
    },
  );

  test.prop([rule, moment])(
    'never stands still, and leaves out no day, week or month',
    (recurrence, first) => {
      const all = times(recurrence, first, 20);
      const longest =
        { daily: DAY, weekly: 7 * DAY, monthly: 31 * DAY }[recurrence.freq] * recurrence.interval;
      expect(all).toHaveLength(20);
      all.slice(1).forEach((time, index) => {
        const pause = time.getTime() - (all[index] as Date).getTime();
        expect(pause).toBeGreaterThan(0);
        // Apia went over a whole day in 2011; months are 28 days at least.
        const slack = recurrence.timeZone === 'Pacific/Apia' ? longest + DAY : 4 * DAY;
        expect(pause).toBeLessThanOrEqual(longest + slack);
      });
    },
  );

  test.prop([rule, moment, fc.integer({ min: 0, max: 400 * 24 * 60 })])(
    'is the same whether one follows it or asks in between',
    (recurrence, first, minutes) => {
      const asked = new Date(first.getTime() + minutes * MINUTE);
      const next = nextOccurrence(recurrence, first, asked);
      let followed = nextOccurrence(recurrence, first, first);
      while (followed && followed <= asked) followed = nextOccurrence(recurrence, first, followed);
      expect(next).toEqual(followed);
    },
  );

  test.prop([rule, moment, moment])('is not after its end', (recurrence, first, until) => {
    const bounded = { ...recurrence, until: until.toISOString() };
    for (const time of times(bounded, first, 20).slice(1))
      expect(time.getTime()).toBeLessThanOrEqual(until.getTime());
  });
});
