import { Injectable } from '@nestjs/common';
import type { MessageId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { readableBy } from '../access/channel-row.js';

export type SavedItemRow = {
  messageId: MessageId;
  workspaceId: WorkspaceId;
  done: boolean;
  savedAt: Date;
  version: number;
};

const COLUMNS = `s.message_id AS "messageId", s.workspace_id AS "workspaceId", s.done, s.saved_at AS "savedAt", s.version`;
/** Nothing comes back when nothing changed. */
const SAVE = `
  INSERT INTO chat.saved_items AS s (user_id, message_id, workspace_id, done, saved_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (user_id, message_id) DO UPDATE SET
    done = excluded.done, version = s.version + 1, removed_at = NULL,
    saved_at = CASE WHEN s.removed_at IS NULL THEN s.saved_at ELSE excluded.saved_at END
  WHERE s.removed_at IS NOT NULL OR s.done <> excluded.done
  RETURNING ${COLUMNS}`;
const FIND = `SELECT ${COLUMNS} FROM chat.saved_items s WHERE s.user_id = $1 AND s.message_id = $2`;
const REMOVE = `
  UPDATE chat.saved_items s SET removed_at = $3, version = s.version + 1
  WHERE s.user_id = $1 AND s.message_id = $2 AND s.removed_at IS NULL
  RETURNING ${COLUMNS}`;
/** With each item, whether its message may still be read. */
const LIST: Statement = {
  name: 'saved_items_list',
  text: `
    SELECT ${COLUMNS}, (
      SELECT c.id IS NOT NULL FROM chat.messages m
      JOIN chat.channels c ON c.id = m.channel_id
      JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = $1
      LEFT JOIN chat.channel_members cm ON cm.channel_id = c.id AND cm.user_id = $1
      WHERE m.id = s.message_id AND ${readableBy('cm')}
    ) IS TRUE AS readable
    FROM chat.saved_items s
    WHERE s.user_id = $1 AND s.workspace_id = $2 AND s.done = $3 AND s.removed_at IS NULL
      AND (s.saved_at, s.message_id) < ($4::timestamptz, $5::uuid)
    ORDER BY s.saved_at DESC, s.message_id DESC LIMIT $6`,
};

/** All SQL on saved items. */
@Injectable()
export class SavedItemsRepository {
  constructor(private readonly database: Database) {}

  /** The item, and whether this changed it. */
  async save(
    tx: Tx,
    userId: UserId,
    item: Omit<SavedItemRow, 'version'>,
  ): Promise<{ item: SavedItemRow; changed: boolean }> {
    const { messageId, workspaceId, done, savedAt } = item;
    const [saved] = await tx.query<SavedItemRow>(SAVE, [userId, messageId, workspaceId, done, savedAt]);
    if (saved) return { item: saved, changed: true };
    const [known] = await tx.query<SavedItemRow>(FIND, [userId, messageId]);
    return { item: known as SavedItemRow, changed: false };
  }

  async remove(tx: Tx, userId: UserId, messageId: MessageId, at: Date): Promise<SavedItemRow | null> {
    const [removed] = await tx.query<SavedItemRow>(REMOVE, [userId, messageId, at]);
    return removed ?? null;
  }

  list(
    userId: UserId,
    workspaceId: WorkspaceId,
    done: boolean,
    after: readonly [string, string],
    limit: number,
  ): Promise<(SavedItemRow & { readable: boolean })[]> {
    return this.database.run(LIST, [userId, workspaceId, done, ...after, limit]);
  }
}
