import type { PersonFacts } from '#contracts';
import { wantsQuiet, type Wishes } from './decision.js';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const HOUR = 60 * MINUTE;
/** When daily letters come. */
const DAILY_AT_HOUR = 9;
/** Who is never not quiet gets a letter all the same, then. */
const PATIENCE = 4 * 24 * HOUR;

type Peace = Pick<PersonFacts, 'dndUntil' | 'quietHours' | 'timeZone'>;

/** The first time from `from` on that is not quiet, to the quarter of an hour; `from` itself when it is not. */
export const afterQuiet = (person: Peace, from: Date): Date => {
  if (!wantsQuiet(person, from)) return from;
  const last = from.getTime() + PATIENCE;
  let at = (Math.floor(from.getTime() / QUARTER) + 1) * QUARTER;
  while (at < last && wantsQuiet(person, new Date(at))) at += QUARTER;
  return new Date(at);
};

const hours = new Map<string, Intl.DateTimeFormat>();
const hourIn = (timeZone: string, at: number): number => {
  let format = hours.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: '2-digit' });
    hours.set(timeZone, format);
  }
  return Number(format.format(at));
};

/** The next quarter at which a clock in this zone has just come to the hour of the daily letter. */
const nextDaily = (timeZone: string, now: Date): number => {
  let at = (Math.floor(now.getTime() / QUARTER) + 1) * QUARTER;
  // Every quarter of a day and a bit: some zones are not whole hours away, and some days not 24 hours long.
  for (let tries = 0; tries < 26 * 4; tries++, at += QUARTER)
    if (hourIn(timeZone, at) === DAILY_AT_HOUR && hourIn(timeZone, at - QUARTER) !== DAILY_AT_HOUR) return at;
  return at;
};

/**
 * When a letter goes: now (after a while in which it may be read), on the full hour, or at nine; and if that is
 * a quiet time, when it is over.
 */
export const emailDueAt = (
  email: Exclude<Wishes['email'], 'off'>,
  person: Peace,
  { now, delayMs }: { now: Date; delayMs: number },
): Date => {
  const earliest = now.getTime() + delayMs;
  const at = {
    instant: () => earliest,
    hourly: () => (Math.floor(earliest / HOUR) + 1) * HOUR,
    daily: () => nextDaily(person.timeZone ?? 'UTC', new Date(earliest)),
  }[email]();
  return afterQuiet(person, new Date(at));
};
