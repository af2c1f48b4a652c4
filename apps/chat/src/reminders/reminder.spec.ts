import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { Recurrence, type ReminderId, type UserId, type WorkspaceId } from '#contracts';
import { uuidv7 } from '#core';
import { complete, fire, presentReminder, replan, snooze, type ReminderRow, type Step } from './reminder.js';

const START = Date.parse('2026-01-01T09:00:00.000Z');
const DAY = 24 * 3600 * 1000;
const day = (number: number) => new Date(START + number * DAY);

const reminder = (recurrence: Partial<Recurrence> | null): ReminderRow => ({
  id: uuidv7() as ReminderId,
  userId: uuidv7() as UserId,
  workspaceId: uuidv7() as WorkspaceId,
  messageId: null,
  channelId: null,
  text: 'water the plants',
  state: 'waiting',
  remindAt: day(0),
  nextAt: null,
  firstAt: day(0),
  recurrence: recurrence && Recurrence.parse({ freq: 'daily', timeZone: 'UTC', ...recurrence }),
  occurrence: 0,
  firedCount: 0,
  completedAt: null,
  version: 1,
  createdAt: day(-1),
});

describe('a reminder', () => {
  it('is due at its time, and completed for good when it does not recur', () => {
    const due = fire(reminder(null), day(0));
    expect(due).toMatchObject({ row: { state: 'due', remindAt: day(0), nextAt: null }, fireAt: null });
    const done = complete(due.row, day(2));
    expect(done).toMatchObject({ row: { state: 'completed', completedAt: day(2) }, fireAt: null });
    expect(complete(done.row, day(3)).row).toBe(done.row);
  });

  it('that recurs is due again whether the last one was seen to or not', () => {
    const first = fire(reminder({}), day(0));
    expect(first).toMatchObject({ row: { state: 'due', remindAt: day(0), nextAt: day(1) }, fireAt: day(1) });
    const second = fire(first.row, day(1));
    expect(second.row).toMatchObject({ state: 'due', remindAt: day(1), nextAt: day(2) });
    const done = complete(second.row, day(1));
    expect(done).toMatchObject({ row: { state: 'waiting', remindAt: day(2), nextAt: null }, fireAt: day(2) });
  });

  it('can be done with before its time', () => {
    expect(complete(reminder(null), day(-1)).row.state).toBe('completed');
    expect(complete(reminder({}), day(-1)).row).toMatchObject({ state: 'waiting', remindAt: day(1) });
  });

  it('that is snoozed comes later, and then goes on as it was', () => {
    const snoozed = snooze(fire(reminder({}), day(0)).row, day(0.5));
    expect(snoozed).toMatchObject({
      row: { state: 'waiting', remindAt: day(0.5), nextAt: null },
      fireAt: day(0.5),
    });
    expect(fire(snoozed.row, day(0.5)).row).toMatchObject({
      state: 'due',
      remindAt: day(0.5),
      nextAt: day(1),
    });
  });

  it('that was completed comes back when it is snoozed', () => {
    const done = complete(reminder(null), day(0)).row;
    expect(snooze(done, day(3)).row).toMatchObject({ state: 'waiting', completedAt: null });
  });

  it('does not make up for what was missed', () => {
    expect(fire(reminder({}), day(5.5)).row).toMatchObject({ remindAt: day(0), nextAt: day(6) });
  });

  const steps = fc.array(
    fc.oneof(
      fc.constant({ kind: 'fire' as const }),
      fc.constant({ kind: 'complete' as const }),
      fc.record({ kind: fc.constant('snooze' as const), days: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant('replan' as const), days: fc.integer({ min: 1, max: 40 }) }),
    ),
    { maxLength: 25 },
  );
  test.prop([
    steps,
    fc.option(fc.record({ count: fc.integer({ min: 1, max: 6 }), interval: fc.integer({ min: 1, max: 3 }) })),
  ])(
    'is always in a state that can be told and stored, and never forgets to fire',
    (sequence, recurrence) => {
      let now = day(-1);
      let step: Step = { row: reminder(recurrence), fireAt: day(0) };
      const planned = new Set<number>();
      for (const next of sequence) {
        const before = step;
        if (next.kind === 'fire') {
          if (!step.fireAt) continue;
          now = step.fireAt;
          // A worker that comes with an older occurrence finds that it is void.
          expect(planned.has(step.row.occurrence)).toBe(false);
          planned.add(step.row.occurrence);
          step = fire(step.row, now);
        } else {
          now = new Date(now.getTime() + 1000);
          if (next.kind === 'complete') step = complete(step.row, now);
          else {
            const at = new Date(now.getTime() + next.days * DAY);
            step = next.kind === 'snooze' ? snooze(step.row, at) : replan(step.row, at, step.row.recurrence);
          }
        }
        const { row, fireAt } = step;
        expect(row.nextAt === null || row.state === 'due').toBe(true);
        expect(row.completedAt !== null).toBe(row.state === 'completed');
        expect(fireAt).toEqual(row.state === 'waiting' ? row.remindAt : row.nextAt);
        expect(fireAt === null || fireAt > now).toBe(true);
        if (row !== before.row) expect(row.occurrence).toBe(before.row.occurrence + 1);
        expect(presentReminder(row).state).toBe(row.state);
      }
    },
  );
});
