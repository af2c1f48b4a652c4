import type { ChannelId, MessageId, Recurrence, Reminder, ReminderId, UserId, WorkspaceId } from '#contracts';
import { nextOccurrence } from '../recurrence/recurrence.js';

export type ReminderRow = {
  id: ReminderId;
  userId: UserId;
  workspaceId: WorkspaceId;
  messageId: MessageId | null;
  channelId: ChannelId | null;
  text: string | null;
  state: Reminder['state'];
  remindAt: Date;
  nextAt: Date | null;
  /** Where the recurrence begins; its time of day is that of all. */
  firstAt: Date;
  recurrence: Recurrence | null;
  /** Which firing comes next; a new time is a new one too, so what was planned for the old one is void. */
  occurrence: number;
  firedCount: number;
  completedAt: Date | null;
  version: number;
  createdAt: Date;
};

export const presentReminder = (row: ReminderRow): Reminder => ({
  id: row.id,
  workspaceId: row.workspaceId,
  messageId: row.messageId,
  channelId: row.channelId,
  text: row.text,
  state: row.state,
  remindAt: row.remindAt.toISOString(),
  nextAt: row.nextAt?.toISOString() ?? null,
  recurrence: row.recurrence,
  completedAt: row.completedAt?.toISOString() ?? null,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
});

/** What it will be, and when it is to fire next; the same row means that nothing changes. */
export type Step = { row: ReminderRow; fireAt: Date | null };

const later = (one: Date, other: Date): Date => (one > other ? one : other);

/** The time after this one, when it fires once more; what nobody was there for isn't made up for. */
const following = (row: ReminderRow, firedCount: number, now: Date): Date | null => {
  const { recurrence, firstAt, nextAt, remindAt } = row;
  if (!recurrence || firedCount >= (recurrence.count ?? Infinity)) return null;
  return nextOccurrence(recurrence, firstAt, later(nextAt ?? remindAt, now));
};

/** Its time has come: of one that waits, or once more of one that is due and recurs. */
export const fire = (row: ReminderRow, now: Date): Step => {
  const remindAt = row.nextAt ?? row.remindAt;
  const firedCount = row.firedCount + 1;
  const nextAt = following(row, firedCount, now);
  const fired = {
    ...row,
    state: 'due' as const,
    remindAt,
    nextAt,
    firedCount,
    occurrence: row.occurrence + 1,
  };
  return { row: fired, fireAt: nextAt };
};

/** Not now. The recurrence goes on from where it began, so this moves one time only. */
export const snooze = (row: ReminderRow, until: Date): Step => ({
  row: {
    ...row,
    state: 'waiting',
    remindAt: until,
    nextAt: null,
    completedAt: null,
    occurrence: row.occurrence + 1,
  },
  fireAt: until,
});

/** This time is done with, whether it has come or not. */
export const complete = (row: ReminderRow, now: Date): Step => {
  if (row.state === 'completed') return { row, fireAt: null };
  const firedCount = row.state === 'due' ? row.firedCount : row.firedCount + 1;
  const next = row.state === 'due' ? row.nextAt : following(row, firedCount, now);
  const occurrence = row.occurrence + 1;
  if (next)
    return {
      row: { ...row, state: 'waiting', remindAt: next, nextAt: null, firedCount, occurrence },
      fireAt: next,
    };
  return {
    row: { ...row, state: 'completed', nextAt: null, completedAt: now, firedCount, occurrence },
    fireAt: null,
  };
};

/** Begins anew, at this time. */
export const replan = (row: ReminderRow, remindAt: Date, recurrence: Recurrence | null): Step => ({
  row: { ...snooze(row, remindAt).row, firstAt: remindAt, recurrence, firedCount: 0 },
  fireAt: remindAt,
});
