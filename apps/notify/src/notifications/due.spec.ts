import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wantsQuiet } from './decision.js';
import { afterQuiet, emailDueAt } from './due.js';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const peace = (from: string | null, to = '07:00', timeZone: string | null = 'Europe/Berlin') => ({
  dndUntil: null as string | null,
  quietHours: from === null ? null : { days: everyDay, from, to },
  timeZone,
});
const due = (email: 'instant' | 'hourly' | 'daily', now: string, person = peace(null)) =>
  emailDueAt(email, person, { now: new Date(now), delayMs: 60_000 }).toISOString();

describe('a letter', () => {
  it('goes after the delay, on the full hour, or at nine where the reader lives', () => {
    expect(due('instant', '2026-03-02T12:10:00Z')).toBe('2026-03-02T12:11:00.000Z');
    expect(due('hourly', '2026-03-02T12:10:00Z')).toBe('2026-03-02T13:00:00.000Z');
    expect(due('hourly', '2026-03-02T12:59:30Z')).toBe('2026-03-02T14:00:00.000Z');
    expect(due('daily', '2026-03-02T12:10:00Z')).toBe('2026-03-03T08:00:00.000Z');
    expect(due('daily', '2026-03-02T07:10:00Z')).toBe('2026-03-02T08:00:00.000Z');
    expect(due('daily', '2026-03-28T12:00:00Z')).toBe('2026-03-29T07:00:00.000Z');
    expect(due('daily', '2026-03-02T12:10:00Z', peace(null, '', 'Asia/Kolkata'))).toBe(
      '2026-03-03T03:30:00.000Z',
    );
    expect(due('daily', '2026-03-02T12:10:00Z', peace(null, '', null))).toBe('2026-03-03T09:00:00.000Z');
  });

  it('waits until quiet hours, or what disturbs nobody, are over', () => {
    expect(due('instant', '2026-03-02T22:10:00Z', peace('22:00'))).toBe('2026-03-03T06:00:00.000Z');
    expect(due('daily', '2026-03-02T12:00:00Z', peace('22:00', '10:30'))).toBe('2026-03-03T09:30:00.000Z');
    const dnd = { ...peace(null), dndUntil: '2026-03-02T13:20:00.000Z' };
    expect(due('instant', '2026-03-02T12:00:00Z', dnd)).toBe('2026-03-02T13:30:00.000Z');
  });

  it('is never early, never in a quiet time, and never waits for ever', () => {
    const time = fc
      .integer({ min: 0, max: 95 })
      .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
    const hours = fc
      .record({
        days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        from: time,
        to: time,
      })
      .filter(({ from, to }) => from !== to);
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Sao_Paulo', 'Pacific/Apia');
    const instant = fc.date({
      min: new Date('2024-01-01'),
      max: new Date('2030-01-01'),
      noInvalidDate: true,
    });
    const kind = fc.constantFrom('instant' as const, 'hourly' as const, 'daily' as const);
    fc.assert(
      fc.property(hours, zone, instant, kind, (quietHours, timeZone, now, email) => {
        const person = { dndUntil: null, quietHours, timeZone };
        const at = emailDueAt(email, person, { now, delayMs: 60_000 });
        expect(at.getTime()).toBeGreaterThanOrEqual(now.getTime() + 60_000);
        expect(at.getTime()).toBeLessThanOrEqual(now.getTime() + 6 * 24 * 3_600_000);
        expect(wantsQuiet(person, at)).toBe(false);
        expect(afterQuiet(person, at)).toEqual(at);
      }),
      { numRuns: 60 },
    );
  });
});
