import { Injectable } from '@nestjs/common';
import type { EmojiId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import type { EmojiRow } from './emoji.js';

const COLUMNS = `
  e.id, e.workspace_id AS "workspaceId", e.name, e.image_id AS "imageId", e.alias_of AS "aliasOf",
  e.created_by AS "createdBy", e.created_at AS "createdAt", e.version`;

const LIST: Statement = {
  name: 'emoji_list',
  text: `
    SELECT ${COLUMNS} FROM chat.emoji e
    WHERE e.workspace_id = $1 AND (e.name, e.id) > ($2::text, $3::uuid)
    ORDER BY e.name, e.id LIMIT $4`,
};
const EXISTS: Statement = {
  name: 'emoji_exists',
  text: `SELECT 1 FROM chat.emoji WHERE workspace_id = $1 AND name = $2`,
};
const LOCK_WORKSPACE = `SELECT id FROM chat.workspaces WHERE id = $1 FOR NO KEY UPDATE`;
const COUNT = `SELECT count(*)::int AS count FROM chat.emoji WHERE workspace_id = $1`;
const LOCK = `SELECT ${COLUMNS} FROM chat.emoji e WHERE e.id = $1 AND e.workspace_id = $2 FOR UPDATE`;
const INSERT = `
  INSERT INTO chat.emoji (id, workspace_id, name, image_id, alias_of, created_by, created_at, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
/** Nobody adds or renames while the workspace is locked, so a name that is free stays free. */
const NAME_TAKEN = `SELECT 1 FROM chat.emoji WHERE workspace_id = $1 AND name = $2`;
const RENAME = `UPDATE chat.emoji e SET name = $2, version = version + 1 WHERE e.id = $1 RETURNING ${COLUMNS}`;
const DELETE = `DELETE FROM chat.emoji WHERE id = $1 OR alias_of = $1 RETURNING id`;

/** All SQL on the emoji of workspaces. */
@Injectable()
export class EmojiRepository {
  constructor(private readonly database: Database) {}

  list(workspaceId: WorkspaceId, after: readonly [string, string], limit: number): Promise<EmojiRow[]> {
    return this.database.run<EmojiRow>(LIST, [workspaceId, ...after, limit]);
  }

  async exists(workspaceId: WorkspaceId, name: string): Promise<boolean> {
    return (await this.database.run(EXISTS, [workspaceId, name])).length > 0;
  }

  /** Those who change the emoji of one workspace wait for each other. */
  async lockWorkspace(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
    await tx.query(LOCK_WORKSPACE, [workspaceId]);
  }

  async count(tx: Tx, workspaceId: WorkspaceId): Promise<number> {
    return (await tx.query<{ count: number }>(COUNT, [workspaceId]))[0]?.count ?? 0;
  }

  async lock(tx: Tx, workspaceId: WorkspaceId, id: EmojiId): Promise<EmojiRow | null> {
    return (await tx.query<EmojiRow>(LOCK, [id, workspaceId]))[0] ?? null;
  }

  async isNameTaken(tx: Tx, workspaceId: WorkspaceId, name: string): Promise<boolean> {
    return (await tx.query(NAME_TAKEN, [workspaceId, name])).length > 0;
  }

  async insert(tx: Tx, emoji: EmojiRow): Promise<void> {
    const { id, workspaceId, name, imageId, aliasOf, createdBy, createdAt, version } = emoji;
    await tx.query(INSERT, [id, workspaceId, name, imageId, aliasOf, createdBy, createdAt, version]);
  }

  async rename(tx: Tx, id: EmojiId, name: string): Promise<EmojiRow> {
    return (await tx.query<EmojiRow>(RENAME, [id, name]))[0] as EmojiRow;
  }

  /** With its other names; returns the ids of all that went. */
  async delete(tx: Tx, id: EmojiId): Promise<EmojiId[]> {
    return (await tx.query<{ id: EmojiId }>(DELETE, [id])).map((row) => row.id);
  }
}
