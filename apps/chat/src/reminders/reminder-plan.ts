import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { ReminderId } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { newEvent } from '../events/new-event.js';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { fire, presentReminder, type ReminderRow, type Step } from './reminder.js';
import { RemindersRepository } from './reminders.repository.js';

const remind = job('reminder.due', z.object({ id: ReminderId, occurrence: z.int() }), { retryLimit: 100 });

/** Keeps a reminder, its job and what its owner's devices know of it in step, and fires it. */
@Injectable()
export class ReminderPlan implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly reminders: RemindersRepository,
    private readonly jobs: Jobs,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** One transaction, so a job that is done twice finds the second time that the occurrence is over. */
  onModuleInit(): void {
    this.jobs.work(remind, ({ id, occurrence }) =>
      this.database.transaction(async (tx) => {
        const row = await this.reminders.lock(tx, id);
        if (row?.occurrence === occurrence) await this.take(tx, row, fire(row, this.clock.now()));
      }),
    );
  }

  async begin(tx: Tx, row: ReminderRow): Promise<void> {
    await this.reminders.insert(tx, row);
    await this.settle(tx, { row, fireAt: row.remindAt });
  }

  /** Stores the step as the next version, unless nothing changes. */
  async take(tx: Tx, before: ReminderRow, { row, fireAt }: Step): Promise<ReminderRow> {
    if (row === before) return before;
    const next = { ...row, version: before.version + 1 };
    await this.reminders.update(tx, next);
    await this.settle(tx, { row: next, fireAt });
    return next;
  }

  /** Other words at the same time. */
  async reword(tx: Tx, before: ReminderRow, text: string): Promise<ReminderRow> {
    const next = { ...before, text, version: before.version + 1 };
    await this.reminders.update(tx, next);
    await this.tell(tx, next);
    return next;
  }

  async remove(tx: Tx, row: ReminderRow): Promise<void> {
    await this.reminders.remove(tx, row.id);
    await this.jobs.cancel(tx, remind, row.id);
    const event = newEvent('reminder.deleted', this.about(row), { reminderId: row.id });
    await this.outbox.append(tx, event, { scope: 'user', id: row.userId });
  }

  private async settle(tx: Tx, { row, fireAt }: Step): Promise<void> {
    const { id, occurrence } = row;
    if (fireAt) await this.jobs.enqueue(tx, remind, { id, occurrence }, { key: id, startAfter: fireAt });
    else await this.jobs.cancel(tx, remind, id);
    await this.tell(tx, row);
  }

  private async tell(tx: Tx, row: ReminderRow): Promise<void> {
    const event = newEvent('reminder.updated', this.about(row), { reminder: presentReminder(row) });
    await this.outbox.append(tx, event, { scope: 'user', id: row.userId });
  }

  private about({ workspaceId, channelId, userId }: ReminderRow) {
    return { workspaceId, ...(channelId ? { channelId } : {}), actorId: userId, time: this.clock.now() };
  }
}
