import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { QuietHours } from './http/preferences.js';
import { isQuiet, sameQuietUntil } from './quiet-hours.js';

const MINUTE = 60_000;
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const time = fc
  .integer({ min: 0, max: 24 * 60 - 1 })
  .map((n) => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`);
const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
const schedule = fc.record({ days, from: time, to: time }).filter(({ from, to }) => from !== to);
const instant = fc
  .integer({ min: Date.UTC(2020, 0, 1) / MINUTE, max: Date.UTC(2035, 0, 1) / MINUTE })
  .map((minutes) => new Date(minutes * MINUTE));
const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Sao_Paulo',
);

describe('quiet hours', () => {
  it('are those of the clock, wherever it never changes', () => {
    const offsets = { UTC: 0, 'Asia/Kolkata': 330, 'America/Phoenix': -420 } as const;
    const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
    const expected = ({ days: on, from, to }: QuietHours, offset: number, at: Date) => {
      const length = (minutes(to) - minutes(from) + 1440) % 1440;
      // The day that the quiet time would have begun on is the one `from` minutes ago; 1970-01-01 was a Thursday.
      const sinceBegin = Math.floor(at.getTime() / MINUTE) + offset - minutes(from);
      const begunOn = ((Math.floor(sinceBegin / 1440) + 3) % 7) + 1;
      return on.includes(begunOn) && sinceBegin % 1440 < length;
    };
    fc.assert(
      fc.property(schedule, fc.constantFrom(...Object.keys(offsets)), instant, (hours, name, at) => {
        expect(isQuiet(hours, name, at)).toBe(expected(hours, offsets[name as keyof typeof offsets], at));
      }),
    );
  });

  it('and the hours around them make up all time, in every zone, whatever its clocks do', () => {
    fc.assert(
      fc.property(schedule, zone, instant, ({ from, to }, name, at) => {
        const inside = isQuiet({ days: everyDay, from, to }, name, at);
        expect(isQuiet({ days: everyDay, from: to, to: from }, name, at)).toBe(!inside);
      }),
    );
  });

  it('of more days are never fewer', () => {
    fc.assert(
      fc.property(schedule, zone, instant, (hours, name, at) => {
        if (isQuiet(hours, name, at)) expect(isQuiet({ ...hours, days: everyDay }, name, at)).toBe(true);
      }),
    );
  });

  it('are the same until they are to be looked at again, which is soon', () => {
    fc.assert(
      fc.property(schedule, zone, instant, (hours, name, at) => {
        const until = sameQuietUntil(hours, name, at);
        expect(until.getTime() - at.getTime()).toBeGreaterThan(0);
        expect(until.getTime() - at.getTime()).toBeLessThanOrEqual(15 * MINUTE);
        for (let time = at.getTime(); time < until.getTime(); time += MINUTE)
          expect(isQuiet(hours, name, new Date(time))).toBe(isQuiet(hours, name, at));
      }),
    );
  });

  const lasting = (hours: QuietHours, zoneName: string, from: string, hoursLong: number) => {
    let quiet = 0;
    for (let n = 0; n < hoursLong * 60; n++)
      if (isQuiet(hours, zoneName, new Date(Date.parse(from) + n * MINUTE))) quiet++;
    return quiet / 60;
  };

  it.each([
    ['an ordinary night', '2026-03-21T12:00:00Z', 9],
    ['the night that summer time begins', '2026-03-28T12:00:00Z', 8],
    ['the night that it ends', '2026-10-24T12:00:00Z', 10],
  ])('from Saturday 22:00 to 07:00 last as long as %s', (_, from, hours) => {
    expect(lasting({ days: [6], from: '22:00', to: '07:00' }, 'Europe/Berlin', from, 48)).toBe(hours);
  });

  it('begin on their days and belong to them past midnight', () => {
    const friday: QuietHours = { days: [5], from: '22:00', to: '07:00' };
    const at = (text: string) => isQuiet(friday, 'America/New_York', new Date(text));
    expect(at('2026-01-17T03:00:00Z')).toBe(true); // Friday 22:00
    expect(at('2026-01-17T11:59:00Z')).toBe(true); // Saturday 06:59
    expect(at('2026-01-17T12:00:00Z')).toBe(false); // Saturday 07:00
    expect(at('2026-01-18T03:00:00Z')).toBe(false); // Saturday 22:00
    expect(at('2026-01-16T11:00:00Z')).toBe(false); // Friday 06:00
  });
});
