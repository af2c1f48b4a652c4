import { Injectable } from '@nestjs/common';
import type { ReminderId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import type { ReminderRow } from './reminder.js';

const COLUMNS = `
  id, user_id AS "userId", workspace_id AS "workspaceId", message_id AS "messageId", channel_id AS "channelId", text,
  state, remind_at AS "remindAt", next_at AS "nextAt", first_at AS "firstAt", recurrence, occurrence,
  fired_count AS "firedCount", completed_at AS "completedAt", version, created_at AS "createdAt"`;

const INSERT = `
  INSERT INTO chat.reminders (id, user_id, workspace_id, message_id, channel_id, text, state, remind_at, next_at,
    first_at, recurrence, occurrence, fired_count, completed_at, version, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12, $13, $14, $15, $16)`;
const UPDATE = `
  UPDATE chat.reminders SET text = $2, state = $3, remind_at = $4, next_at = $5, first_at = $6,
    recurrence = $7::jsonb, occurrence = $8, fired_count = $9, completed_at = $10, version = $11
  WHERE id = $1`;
const LOCK = `SELECT ${COLUMNS} FROM chat.reminders WHERE id = $1 FOR UPDATE`;
const LOCK_MINE = `
  SELECT ${COLUMNS} FROM chat.reminders WHERE id = $1 AND user_id = $2 AND workspace_id = $3 FOR UPDATE`;
const REMOVE = `DELETE FROM chat.reminders WHERE id = $1`;
const COUNT = `
  SELECT count(*)::int AS count FROM chat.reminders
  WHERE user_id = $1 AND workspace_id = $2 AND (state = 'completed') = false`;
const MINE: Statement = {
  name: 'reminders_mine',
  text: `
    SELECT ${COLUMNS} FROM chat.reminders
    WHERE user_id = $1 AND workspace_id = $2 AND (state = 'completed') = $3
      AND (remind_at, id) > ($4::timestamptz, $5::uuid)
    ORDER BY remind_at, id LIMIT $6`,
};

const json = (value: object | null) => value && JSON.stringify(value);

/** All SQL on reminders. */
@Injectable()
export class RemindersRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Tx, row: ReminderRow): Promise<void> {
    await tx.query(INSERT, [
      row.id,
      row.userId,
      row.workspaceId,
      row.messageId,
      row.channelId,
      row.text,
      row.state,
      row.remindAt,
      row.nextAt,
      row.firstAt,
      json(row.recurrence),
      row.occurrence,
      row.firedCount,
      row.completedAt,
      row.version,
      row.createdAt,
    ]);
  }

  async update(tx: Tx, row: ReminderRow): Promise<void> {
    await tx.query(UPDATE, [
      row.id,
      row.text,
      row.state,
      row.remindAt,
      row.nextAt,
      row.firstAt,
      json(row.recurrence),
      row.occurrence,
      row.firedCount,
      row.completedAt,
      row.version,
    ]);
  }

  async lock(tx: Tx, id: ReminderId): Promise<ReminderRow | null> {
    return (await tx.query<ReminderRow>(LOCK, [id]))[0] ?? null;
  }

  async lockMine(
    tx: Tx,
    id: ReminderId,
    userId: UserId,
    workspaceId: WorkspaceId,
  ): Promise<ReminderRow | null> {
    return (await tx.query<ReminderRow>(LOCK_MINE, [id, userId, workspaceId]))[0] ?? null;
  }

  async remove(tx: Tx, id: ReminderId): Promise<void> {
    await tx.query(REMOVE, [id]);
  }

  async countOpen(tx: Tx, userId: UserId, workspaceId: WorkspaceId): Promise<number> {
    return (await tx.query<{ count: number }>(COUNT, [userId, workspaceId]))[0]?.count ?? 0;
  }

  mine(
    userId: UserId,
    workspaceId: WorkspaceId,
    completed: boolean,
    after: readonly [string, string],
    limit: number,
  ): Promise<ReminderRow[]> {
    return this.database.run<ReminderRow>(MINE, [userId, workspaceId, completed, ...after, limit]);
  }
}
