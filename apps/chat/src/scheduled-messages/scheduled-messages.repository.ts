import { Injectable } from '@nestjs/common';
import type { ScheduledMessageId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import type { ScheduledRow } from './scheduled-message.js';

const COLUMNS = `
  id, user_id AS "userId", workspace_id AS "workspaceId", channel_id AS "channelId", thread_id AS "threadId",
  also_in_channel AS "alsoInChannel", text, send_at AS "sendAt", first_at AS "firstAt", recurrence, occurrence,
  sent_count AS "sentCount", state, failure, version, created_at AS "createdAt"`;

const INSERT = `
  INSERT INTO chat.scheduled_messages (id, user_id, workspace_id, channel_id, thread_id, also_in_channel, text, send_at,
    first_at, recurrence, occurrence, sent_count, state, failure, version, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $13, $14, $15, $16)`;
const UPDATE = `
  UPDATE chat.scheduled_messages SET text = $2, send_at = $3, first_at = $4, recurrence = $5::jsonb, occurrence = $6,
    sent_count = $7, state = $8, failure = $9, version = $10
  WHERE id = $1`;
const LOCK = `SELECT ${COLUMNS} FROM chat.scheduled_messages WHERE id = $1 FOR UPDATE`;
const REMOVE = `DELETE FROM chat.scheduled_messages WHERE id = $1`;
const COUNT = `SELECT count(*)::int AS count FROM chat.scheduled_messages WHERE user_id = $1 AND workspace_id = $2`;
const FIND: Statement = {
  name: 'scheduled_messages_find',
  text: `SELECT ${COLUMNS} FROM chat.scheduled_messages WHERE id = $1 AND user_id = $2 AND workspace_id = $3`,
};
const MINE: Statement = {
  name: 'scheduled_messages_mine',
  text: `
    SELECT ${COLUMNS} FROM chat.scheduled_messages
    WHERE user_id = $1 AND workspace_id = $2 AND (send_at, id) > ($3::timestamptz, $4::uuid)
    ORDER BY send_at, id LIMIT $5`,
};

const json = (value: object | null) => value && JSON.stringify(value);

/** All SQL on scheduled messages. */
@Injectable()
export class ScheduledMessagesRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, row: ScheduledRow): Promise<void> {
    await tx.query(INSERT, [
      row.id,
      row.userId,
      row.workspaceId,
      row.channelId,
      row.threadId,
      row.alsoInChannel,
      row.text,
      row.sendAt,
      row.firstAt,
      json(row.recurrence),
      row.occurrence,
      row.sentCount,
      row.state,
      row.failure,
      row.version,
      row.createdAt,
    ]);
  }

  async update(tx: Tx, row: ScheduledRow): Promise<void> {
    await tx.query(UPDATE, [
      row.id,
      row.text,
      row.sendAt,
      row.firstAt,
      json(row.recurrence),
      row.occurrence,
      row.sentCount,
      row.state,
      row.failure,
      row.version,
    ]);
  }

  async lock(tx: Tx, id: ScheduledMessageId): Promise<ScheduledRow | null> {
    return (await tx.query<ScheduledRow>(LOCK, [id]))[0] ?? null;
  }

  async remove(tx: Tx, id: ScheduledMessageId): Promise<void> {
    await tx.query(REMOVE, [id]);
  }

  async count(tx: Tx, userId: UserId, workspaceId: WorkspaceId): Promise<number> {
    return (await tx.query<{ count: number }>(COUNT, [userId, workspaceId]))[0]?.count ?? 0;
  }

  async find(id: ScheduledMessageId, userId: UserId, workspaceId: WorkspaceId): Promise<ScheduledRow | null> {
    return (await this.database.run<ScheduledRow>(FIND, [id, userId, workspaceId]))[0] ?? null;
  }

  mine(
    userId: UserId,
    workspaceId: WorkspaceId,
    after: readonly [string, string],
    limit: number,
  ): Promise<ScheduledRow[]> {
    return this.database.run<ScheduledRow>(MINE, [userId, workspaceId, ...after, limit]);
  }
}
