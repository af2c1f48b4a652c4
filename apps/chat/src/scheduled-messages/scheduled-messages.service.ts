import { Injectable } from '@nestjs/common';
import {
  MAX_SCHEDULED_MESSAGES,
  type Page,
  type PageQuery,
  type RescheduleMessage,
  type ScheduledMessage,
  type ScheduledMessageId,
  type ScheduleMessage,
  type WorkspaceId,
} from '#contracts';
import { Clock, cutPage, uuidv7 } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, type Principal, requireVersion } from '#platform';
import { mentionsOf } from '../messages/new-message.js';
import { timeCursor } from '../paging/time-cursor.js';
import { requireComing } from '../recurrence/coming.js';
import { ScheduledAccess } from './scheduled-access.js';
import { presentScheduled, type ScheduledRow } from './scheduled-message.js';
import { Schedule } from './schedule.js';
import { ScheduledMessagesRepository } from './scheduled-messages.repository.js';

/** What people have written to be sent later. */
@Injectable()
export class ScheduledMessagesService {
  constructor(
    private readonly database: Database,
    private readonly access: ScheduledAccess,
    private readonly scheduled: ScheduledMessagesRepository,
    private readonly schedule: Schedule,
    private readonly clock: Clock,
  ) {}

  async create(
    caller: Principal,
    workspaceId: WorkspaceId,
    input: ScheduleMessage,
  ): Promise<ScheduledMessage> {
    await this.access.writable(caller, workspaceId, input);
    mentionsOf(input);
    const now = this.clock.now();
    const sendAt = new Date(input.sendAt);
    requireComing(sendAt, input.recurrence, now, '/sendAt');
    const row: ScheduledRow = {
      id: uuidv7() as ScheduledMessageId,
      userId: caller.userId,
      workspaceId,
      channelId: input.channelId,
      threadId: input.threadId ?? null,
      alsoInChannel: input.alsoInChannel ?? false,
      text: input.text,
      sendAt,
      firstAt: sendAt,
      recurrence: input.recurrence ?? null,
      occurrence: 0,
      sentCount: 0,
      state: 'scheduled',
      failure: null,
      version: 1,
      createdAt: now,
    };
    await this.database.transaction(async (tx) => {
      if ((await this.scheduled.count(tx, caller.userId, workspaceId)) >= MAX_SCHEDULED_MESSAGES)
        throw new DomainError('scheduled_message.too_many');
      await this.schedule.keep(tx, row, { isNew: true });
      await this.schedule.plan(tx, row, sendAt);
    });
    return presentScheduled(row);
  }

  async list(
    caller: Principal,
    workspaceId: WorkspaceId,
    { limit, cursor }: PageQuery,
  ): Promise<Page<ScheduledMessage>> {
    await this.access.workspace(caller, workspaceId);
    const rows = await this.scheduled.mine(caller.userId, workspaceId, timeCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.sendAt.toISOString(), row.id]);
    return { ...page, data: page.data.map(presentScheduled) };
  }

  async get(caller: Principal, workspaceId: WorkspaceId, id: ScheduledMessageId): Promise<ScheduledMessage> {
    return presentScheduled(await this.access.mine(caller, workspaceId, id));
  }

  async change(
    caller: Principal,
    workspaceId: WorkspaceId,
    id: ScheduledMessageId,
    { text, sendAt, recurrence }: RescheduleMessage,
    ifMatch?: string,
  ): Promise<ScheduledMessage> {
    await this.access.mine(caller, workspaceId, id);
    if (text !== undefined) mentionsOf({ text });
    return this.database.transaction(async (tx) => {
      const row = await this.lockIdle(tx, id);
      requireVersion(ifMatch, row.version);
      const changed = { ...row, text: text ?? row.text };
      if (sendAt === undefined && recurrence === undefined)
        return presentScheduled(changed.text === row.text ? row : await this.schedule.keep(tx, changed));
      const time = sendAt === undefined ? row.sendAt : new Date(sendAt);
      const again = recurrence === undefined ? row.recurrence : recurrence;
      requireComing(time, again, this.clock.now(), '/sendAt');
      const waiting = await this.schedule.keep(tx, {
        ...changed,
        sendAt: time,
        firstAt: time,
        recurrence: again,
        occurrence: row.occurrence + 1,
        state: 'scheduled',
        failure: null,
      });
      await this.schedule.plan(tx, waiting, time);
      return presentScheduled(waiting);
    });
  }

  async cancel(caller: Principal, workspaceId: WorkspaceId, id: ScheduledMessageId): Promise<void> {
    await this.access.mine(caller, workspaceId, id);
    await this.database.transaction(async (tx) =>
      this.schedule.remove(tx, await this.lockIdle(tx, id), null),
    );
  }

  /** What is being sent can't be changed any more: nobody would know which of the two was sent. */
  private async lockIdle(tx: Tx, id: ScheduledMessageId): Promise<ScheduledRow> {
    const row = await this.schedule.lock(tx, id);
    if (!row) throw new DomainError('scheduled_message.not_found');
    if (row.state === 'sending') throw new DomainError('scheduled_message.sending');
    return row;
  }
}
