import type { QuietHours } from './http/preferences.js';

type WallClock = { weekday: number; minute: number };

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(timeZone, made);
  return made;
};

/** What a clock and a calendar on the wall show: 1 is Monday. */
const wallClock = (timeZone: string, instant: Date): WallClock => {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return {
    weekday: WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1,
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
};

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/**
 * Whether the person wants quiet at this instant. Judged by the clock on their wall, so that a quiet night
 * is an hour shorter or longer when daylight saving begins or ends, as the night is.
 */
export const isQuiet = (schedule: QuietHours, timeZone: string, instant: Date): boolean => {
  const { weekday, minute } = wallClock(timeZone, instant);
  const from = minuteOf(schedule.from);
  const to = minuteOf(schedule.to);
  // Past midnight the quiet time belongs to the day before, on which it began.
  const began = from < to ? from <= minute && minute < to : minute >= from;
  const lasts = from > to && minute < to;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return (began && schedule.days.includes(weekday)) || (lasts && schedule.days.includes(yesterday));
};

const QUARTER_MS = 15 * 60_000;

/**
 * Until when `isQuiet` says the same as at this instant, or a moment before that: clocks on walls are set in
 * quarters of an hour only.
 */
export const sameQuietUntil = (schedule: QuietHours, timeZone: string, instant: Date): Date => {
  const { minute } = wallClock(timeZone, instant);
  const ahead = [schedule.from, schedule.to].map((time) => (minuteOf(time) - minute + 1440) % 1440 || 1440);
  const begun = Math.floor(instant.getTime() / 60_000) * 60_000;
  const quarter = (Math.floor(instant.getTime() / QUARTER_MS) + 1) * QUARTER_MS;
  return new Date(Math.min(begun + Math.min(...ahead) * 60_000, quarter));
};
