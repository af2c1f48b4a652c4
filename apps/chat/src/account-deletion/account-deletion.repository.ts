import { Injectable } from '@nestjs/common';
import type { UserId, WorkspaceId } from '#contracts';
import type { Tx } from '#db';
import { ME_COLUMNS, type MeRow } from '../accounts/user-row.js';

/** Among the rows that go with a person these stay: they say whose the messages are that stay. */
const KEPT = ['chat.former_members'];

const SOLELY_OWNED = `
  SELECT w.id, w.name FROM chat.workspace_members mine JOIN chat.workspaces w ON w.id = mine.workspace_id
  WHERE mine.user_id = $1 AND mine.role = 'owner' AND NOT EXISTS (
    SELECT 1 FROM chat.workspace_members other
    WHERE other.workspace_id = mine.workspace_id AND other.role = 'owner' AND other.user_id <> $1
  )
  ORDER BY w.name, w.id`;
const WORKSPACES = `SELECT workspace_id AS id FROM chat.workspace_members WHERE user_id = $1 ORDER BY workspace_id`;
const ANONYMISE = `
  UPDATE chat.users u SET
    name = $2, email = NULL, email_verified_at = NULL, pending_email = NULL, password_hash = NULL, title = '',
    pronouns = '', time_zone = NULL, locale = NULL, avatar_image_id = NULL, status = NULL, dnd_until = NULL,
    quiet_hours = NULL, deleted_at = $3, version = version + 1
  WHERE id = $1 AND kind = 'user' AND deleted_at IS NULL RETURNING ${ME_COLUMNS}`;
/** Tables whose rows are a person's own and go with them. */
const PERSONAL = `
  SELECT con.conrelid::regclass::text AS "table", att.attname AS "column"
  FROM pg_constraint con JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
  WHERE con.contype = 'f' AND con.confrelid = 'chat.users'::regclass AND con.confdeltype = 'c'
    AND con.conrelid::regclass::text <> ALL($1)
  ORDER BY 1`;

/** All SQL on accounts that go. */
@Injectable()
export class AccountDeletionRepository {
  async workspacesOf(tx: Tx, userId: UserId): Promise<WorkspaceId[]> {
    return (await tx.query<{ id: WorkspaceId }>(WORKSPACES, [userId])).map(({ id }) => id);
  }

  /** The workspaces that would be left without an owner. */
  solelyOwned(tx: Tx, userId: UserId): Promise<{ id: WorkspaceId; name: string }[]> {
    return tx.query(SOLELY_OWNED, [userId]);
  }

  /** Null when the account is gone already. */
  async anonymise(tx: Tx, userId: UserId, name: string, now: Date): Promise<MeRow | null> {
    return (await tx.query<MeRow>(ANONYMISE, [userId, name, now]))[0] ?? null;
  }

  /**
   * Deletes what refers to the person with ON DELETE CASCADE: sessions, passkeys, tokens, plans. Found in
   * the catalogue, so that no feature can be forgotten.
   */
  async deletePersonalRows(tx: Tx, userId: UserId): Promise<void> {
    const tables = await tx.query<{ table: string; column: string }>(PERSONAL, [KEPT]);
    for (const { table, column } of tables)
      await tx.query(`DELETE FROM ${table} WHERE "${column}" = $1`, [userId]);
  }
}
