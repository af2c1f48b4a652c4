import { Injectable } from '@nestjs/common';
import type { ChannelId, Draft, DraftId, MessageId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';

export type DraftRow = Omit<Draft, 'updatedAt'> & { updatedAt: Date };
/** There is at most one draft in each. */
export type Place = { userId: UserId; channelId: ChannelId; threadId: MessageId | null };

const COLUMNS = `
  id, workspace_id AS "workspaceId", channel_id AS "channelId", thread_id AS "threadId", text, version,
  updated_at AS "updatedAt"`;
const HERE = `user_id = $1 AND channel_id = $2 AND thread_id IS NOT DISTINCT FROM $3::uuid`;

const LOCK = `SELECT ${COLUMNS} FROM chat.drafts WHERE ${HERE} FOR UPDATE`;
/** Two devices may begin at once: the second finds the first one's and is its next version. */
const PUT = `
  INSERT INTO chat.drafts (user_id, channel_id, thread_id, id, workspace_id, text, version, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
  ON CONFLICT (user_id, channel_id, thread_id)
    DO UPDATE SET text = excluded.text, version = drafts.version + 1, updated_at = excluded.updated_at
  RETURNING ${COLUMNS}`;
const REMOVE = `DELETE FROM chat.drafts WHERE ${HERE} RETURNING ${COLUMNS}`;
const COUNT = `SELECT count(*)::int AS count FROM chat.drafts WHERE user_id = $1 AND workspace_id = $2`;
const ROOT = `SELECT FROM chat.messages WHERE id = $1 AND channel_id = $2 AND thread_id IS NULL AND deleted_at IS NULL`;
const MINE: Statement = {
  name: 'drafts_mine',
  text: `
    SELECT ${COLUMNS} FROM chat.drafts
    WHERE user_id = $1 AND workspace_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4`,
};

/** All SQL on drafts. */
@Injectable()
export class DraftsRepository {
  constructor(private readonly database: Database) {}

  async lock(tx: Tx, { userId, channelId, threadId }: Place): Promise<DraftRow | null> {
    return (await tx.query<DraftRow>(LOCK, [userId, channelId, threadId]))[0] ?? null;
  }

  async put(
    tx: Tx,
    { userId, channelId, threadId }: Place,
    draft: { id: DraftId; workspaceId: WorkspaceId; text: string; updatedAt: Date },
  ): Promise<DraftRow> {
    const { id, workspaceId, text, updatedAt } = draft;
    const values = [userId, channelId, threadId, id, workspaceId, text, updatedAt];
    return (await tx.query<DraftRow>(PUT, values))[0] as DraftRow;
  }

  async remove(tx: Tx, { userId, channelId, threadId }: Place): Promise<DraftRow | null> {
    return (await tx.query<DraftRow>(REMOVE, [userId, channelId, threadId]))[0] ?? null;
  }

  async count(tx: Tx, userId: UserId, workspaceId: WorkspaceId): Promise<number> {
    return (await tx.query<{ count: number }>(COUNT, [userId, workspaceId]))[0]?.count ?? 0;
  }

  /** Whether the thread can be replied to in the channel. */
  async hasThread(tx: Tx, channelId: ChannelId, threadId: MessageId): Promise<boolean> {
    return (await tx.query(ROOT, [threadId, channelId])).length > 0;
  }

  mine(userId: UserId, workspaceId: WorkspaceId, before: string, limit: number): Promise<DraftRow[]> {
    return this.database.run<DraftRow>(MINE, [userId, workspaceId, before, limit]);
  }
}
