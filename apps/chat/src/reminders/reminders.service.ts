import { Injectable } from '@nestjs/common';
import {
  MAX_REMINDERS,
  type ChangeReminder,
  type CreateReminder,
  type Page,
  type Reminder,
  type ReminderId,
  type RemindersQuery,
  type WorkspaceId,
} from '#contracts';
import { Clock, cutPage, uuidv7 } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, type Principal, requireVersion } from '#platform';
import { timeCursor } from '../paging/time-cursor.js';
import { requireComing } from '../recurrence/coming.js';
import { ReminderAccess } from './reminder-access.js';
import { ReminderPlan } from './reminder-plan.js';
import { complete, presentReminder, replan, snooze, type ReminderRow } from './reminder.js';
import { RemindersRepository } from './reminders.repository.js';

/** What people want to be reminded of. */
@Injectable()
export class RemindersService {
  constructor(
    private readonly database: Database,
    private readonly access: ReminderAccess,
    private readonly reminders: RemindersRepository,
    private readonly plan: ReminderPlan,
    private readonly clock: Clock,
  ) {}

  async create(caller: Principal, workspaceId: WorkspaceId, input: CreateReminder): Promise<Reminder> {
    const message = await this.access.about(caller, workspaceId, input.messageId);
    const now = this.clock.now();
    const remindAt = new Date(input.remindAt);
    requireComing(remindAt, input.recurrence, now, '/remindAt');
    const row: ReminderRow = {
      id: uuidv7() as ReminderId,
      userId: caller.userId,
      workspaceId,
      messageId: message?.id ?? null,
      channelId: message?.channelId ?? null,
      text: input.text ?? null,
      state: 'waiting',
      remindAt,
      nextAt: null,
      firstAt: remindAt,
      recurrence: input.recurrence ?? null,
      occurrence: 0,
      firedCount: 0,
      completedAt: null,
      version: 1,
      createdAt: now,
    };
    await this.database.transaction(async (tx) => {
      if ((await this.reminders.countOpen(tx, caller.userId, workspaceId)) >= MAX_REMINDERS)
        throw new DomainError('reminder.too_many');
      await this.plan.begin(tx, row);
    });
    return presentReminder(row);
  }

  async list(
    caller: Principal,
    workspaceId: WorkspaceId,
    { state, limit, cursor }: RemindersQuery,
  ): Promise<Page<Reminder>> {
    await this.access.workspace(caller, workspaceId);
    const completed = state === 'completed';
    const after = timeCursor(cursor);
    const rows = await this.reminders.mine(caller.userId, workspaceId, completed, after, limit + 1);
    const page = cutPage(rows, limit, (row) => [row.remindAt.toISOString(), row.id]);
    return { ...page, data: page.data.map(presentReminder) };
  }

  change(
    caller: Principal,
    workspaceId: WorkspaceId,
    id: ReminderId,
    { text, remindAt, recurrence }: ChangeReminder,
    ifMatch?: string,
  ): Promise<Reminder> {
    return this.step(caller, workspaceId, id, async (tx, row) => {
      requireVersion(ifMatch, row.version);
      if (remindAt === undefined && recurrence === undefined)
        return text === undefined || text === row.text ? row : this.plan.reword(tx, row, text);
      const time = remindAt === undefined ? row.remindAt : new Date(remindAt);
      const again = recurrence === undefined ? row.recurrence : recurrence;
      requireComing(time, again, this.clock.now(), '/remindAt');
      return this.plan.take(tx, row, replan({ ...row, text: text ?? row.text }, time, again));
    });
  }

  snooze(caller: Principal, workspaceId: WorkspaceId, id: ReminderId, until: Date): Promise<Reminder> {
    return this.step(caller, workspaceId, id, (tx, row) => {
      requireComing(until, null, this.clock.now(), '/until');
      return this.plan.take(tx, row, snooze(row, until));
    });
  }

  complete(caller: Principal, workspaceId: WorkspaceId, id: ReminderId): Promise<Reminder> {
    return this.step(caller, workspaceId, id, (tx, row) =>
      this.plan.take(tx, row, complete(row, this.clock.now())),
    );
  }

  async delete(caller: Principal, workspaceId: WorkspaceId, id: ReminderId): Promise<void> {
    await this.step(caller, workspaceId, id, async (tx, row) => {
      await this.plan.remove(tx, row);
      return row;
    });
  }

  /** On one's own only: others' do not exist. */
  private async step(
    caller: Principal,
    workspaceId: WorkspaceId,
    id: ReminderId,
    take: (tx: Tx, row: ReminderRow) => Promise<ReminderRow>,
  ): Promise<Reminder> {
    await this.access.workspace(caller, workspaceId);
    return this.database.transaction(async (tx) => {
      const row = await this.reminders.lockMine(tx, id, caller.userId, workspaceId);
      if (!row) throw new DomainError('reminder.not_found');
      return presentReminder(await take(tx, row));
    });
  }
}
