import type { Recurrence } from '#contracts';
import { DomainError } from '#platform';
import { beginsOnItsDay } from './recurrence.js';

const YEAR_MS = 366 * 24 * 3600 * 1000;

/** Throws `request.invalid` for a time that isn't to come within a year, or isn't one of its recurrence. */
export const requireComing = (
  time: Date,
  recurrence: Recurrence | null | undefined,
  now: Date,
  pointer: string,
): void => {
  const refuse = (detail: string) => {
    throw new DomainError('request.invalid', { errors: [{ pointer, detail }] });
  };
  if (time <= now) refuse('must be in the future');
  if (time.getTime() > now.getTime() + YEAR_MS) refuse('must be within a year');
  if (recurrence && !beginsOnItsDay(recurrence, time)) refuse('must be on one of the weekdays');
  if (recurrence?.until && time > new Date(recurrence.until)) refuse('must not be after the end');
};
