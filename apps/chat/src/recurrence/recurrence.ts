import { LRUCache } from 'lru-cache';
import { RRuleTemporal } from 'rrule-temporal';
import type { Recurrence, Weekday } from '#contracts';

const DAY_MS = 24 * 3600 * 1000;
const WEEKDAYS: readonly Weekday[] = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];

type Clocks = { year: number; month: number; day: number; hour: number; minute: number; second: number };

/** Costly to make. */
const formats = new LRUCache<string, Intl.DateTimeFormat>({
  max: 32,
  memoMethod: (timeZone) =>
    new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
});

/** What the clocks in the time zone show. */
export const clocksAt = (time: Date, timeZone: string): Clocks => {
  const parts = formats.memo(timeZone).formatToParts(time);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
};

/** The clocks read as if they were UTC's: comparable, and their distance to the time is the offset. */
const asUtc = ({ year, month, day, hour, minute, second }: Clocks): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

/**
 * When the clocks show this. A time that they skip is later by what they skip; of one that they show twice it is
 * the first.
 */
const timeOf = (clocks: Clocks, timeZone: string): number => {
  const utc = asUtc(clocks);
  const shown = (time: number) => asUtc(clocksAt(new Date(time), timeZone));
  const offsetAt = (time: number) => shown(time) - time;
  const before = utc - offsetAt(utc - DAY_MS);
  const after = utc - offsetAt(utc + DAY_MS);
  return [Math.min(before, after), Math.max(before, after)].find((time) => shown(time) === utc) ?? before;
};

const weekdayOf = ({ year, month, day }: Clocks): Weekday =>
  WEEKDAYS[(new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7] as Weekday;

/** Whether the first time is one of those that the recurrence names. */
export const beginsOnItsDay = ({ weekdays, timeZone }: Recurrence, first: Date): boolean =>
  weekdays === undefined || weekdays.includes(weekdayOf(clocksAt(first, timeZone)));

/** The days, as RFC 5545 has them. Where a month is too short it would leave the month out; we take its last day. */
const ruleOf = ({ freq, interval, weekdays, timeZone }: Recurrence, { year, month, day }: Clocks): string => {
  const digits = (value: number, length = 2) => String(value).padStart(length, '0');
  const date = `${digits(year, 4)}${digits(month)}${digits(day)}`;
  const days = {
    daily: '',
    weekly: weekdays ? `;BYDAY=${weekdays.join(',').toUpperCase()}` : '',
    monthly:
      day <= 28 ? '' : `;BYMONTHDAY=${[28, 29, 30, 31].filter((one) => one <= day).join(',')};BYSETPOS=-1`,
  }[freq];
  // At noon: no time zone changes its clocks then, so every day that there is has one.
  return `DTSTART;TZID=${timeZone}:${date}T120000\nRRULE:FREQ=${freq.toUpperCase()};INTERVAL=${interval};WKST=MO${days}`;
};

/**
 * The first time after `after` (and after `first`, which is always the first one) at which it is due again; null
 * when it is over. How often it was due already is the caller's to count.
 */
export const nextOccurrence = (recurrence: Recurrence, first: Date, after: Date): Date | null => {
  const clocks = clocksAt(first, recurrence.timeZone);
  const milliseconds = first.getTime() % 1000;
  const rule = new RRuleTemporal({ rruleString: ruleOf(recurrence, clocks), cache: false });
  const from = Math.max(after.getTime(), first.getTime());
  // A day's noon is less than two days from any time of that day, whatever the clocks do.
  const noonAfter = (time: number) => rule.next(new Date(time));
  for (let noon = noonAfter(from - 2 * DAY_MS); noon; noon = noonAfter(noon.epochMilliseconds)) {
    const { year, month, day } = noon;
    const due = timeOf({ ...clocks, year, month, day }, recurrence.timeZone) + milliseconds;
    if (recurrence.until !== undefined && due > Date.parse(recurrence.until)) return null;
    if (due > from) return new Date(due);
  }
  return null;
};
