import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ScheduledMessageId, type MessageId } from '#contracts';
import { Clock } from '#core';
import { Outbox, type Tx } from '#db';
import { newEvent } from '../events/new-event.js';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { presentScheduled, type ScheduledRow } from './scheduled-message.js';
import { ScheduledMessagesRepository } from './scheduled-messages.repository.js';

/** Tried for most of a day: when the database or NATS is back, what was due is sent. */
export const sendScheduled = job(
  'scheduled_message.send',
  z.object({ id: ScheduledMessageId, occurrence: z.int() }),
  { retryLimit: 100 },
);

/** Keeps a scheduled message, its job and what its author's devices know of it in step. */
@Injectable()
export class Schedule {
  constructor(
    private readonly scheduled: ScheduledMessagesRepository,
    private readonly jobs: Jobs,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  whenDue(send: (due: z.output<typeof sendScheduled.schema>, last: boolean) => Promise<void>): void {
    this.jobs.work(sendScheduled, (due, { last }) => send(due, last));
  }

  lock(tx: Tx, id: ScheduledMessageId): Promise<ScheduledRow | null> {
    return this.scheduled.lock(tx, id);
  }

  /** Stores it as a new version, or as a new one. */
  async keep(tx: Tx, row: ScheduledRow, { isNew = false } = {}): Promise<ScheduledRow> {
    const next = isNew ? row : { ...row, version: row.version + 1 };
    await (isNew ? this.scheduled.insert(tx, next) : this.scheduled.update(tx, next));
    const event = newEvent('scheduled_message.updated', this.about(next), {
      scheduledMessage: presentScheduled(next),
    });
    await this.outbox.append(tx, event, { scope: 'user', id: row.userId });
    return next;
  }

  async remove(tx: Tx, row: ScheduledRow, messageId: MessageId | null): Promise<void> {
    await this.scheduled.remove(tx, row.id);
    await this.jobs.cancel(tx, sendScheduled, row.id);
    const event = newEvent('scheduled_message.removed', this.about(row), {
      scheduledMessageId: row.id,
      messageId,
    });
    await this.outbox.append(tx, event, { scope: 'user', id: row.userId });
  }

  /** One job for each: a later time takes the place of an earlier one. */
  async plan(tx: Tx, { id, occurrence }: ScheduledRow, startAfter: Date): Promise<void> {
    await this.jobs.enqueue(tx, sendScheduled, { id, occurrence }, { key: id, startAfter });
  }

  async unplan(tx: Tx, { id }: ScheduledRow): Promise<void> {
    await this.jobs.cancel(tx, sendScheduled, id);
  }

  private about(row: ScheduledRow) {
    return {
      workspaceId: row.workspaceId,
      channelId: row.channelId,
      actorId: row.userId,
      time: this.clock.now(),
    };
  }
}
