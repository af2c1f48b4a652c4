import { Injectable } from '@nestjs/common';
import type { AccessTokenId, UserId } from '#contracts';
import { Database, type Tx } from '#db';
import type { AccessTokenRow } from './access-token.js';

const COLUMNS = `id, user_id AS "userId", hint, name, scopes, created_at AS "createdAt",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt"`;
const FIND = {
  name: 'access_token_find',
  text: `SELECT ${COLUMNS} FROM chat.access_tokens WHERE hash = $1`,
};
const LIST = `SELECT ${COLUMNS} FROM chat.access_tokens WHERE user_id = $1 ORDER BY id`;
const INSERT = `
  INSERT INTO chat.access_tokens (id, user_id, hash, hint, name, scopes, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;

@Injectable()
export class AccessTokensRepository {
  constructor(private readonly database: Database) {}

  async find(hash: Buffer): Promise<AccessTokenRow | null> {
    const [row] = await this.database.run<AccessTokenRow>(FIND, [hash]);
    return row ?? null;
  }

  list(tx: Tx, userId: UserId): Promise<AccessTokenRow[]> {
    return tx.query<AccessTokenRow>(LIST, [userId]);
  }

  async insert(tx: Tx, row: Omit<AccessTokenRow, 'lastUsedAt'>, hash: Buffer): Promise<void> {
    const { id, userId, hint, name, scopes, createdAt, expiresAt } = row;
    await tx.query(INSERT, [id, userId, hash, hint, name, scopes, createdAt, expiresAt]);
  }

  async noteUse(tx: Tx, id: AccessTokenId, at: Date): Promise<void> {
    await tx.query(`UPDATE chat.access_tokens SET last_used_at = $2 WHERE id = $1`, [id, at]);
  }

  async remove(tx: Tx, id: AccessTokenId, userId: UserId): Promise<boolean> {
    const sql = `DELETE FROM chat.access_tokens WHERE id = $1 AND user_id = $2 RETURNING id`;
    return (await tx.query(sql, [id, userId])).length > 0;
  }
}
