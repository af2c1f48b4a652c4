import { Injectable } from '@nestjs/common';
import type { PasskeyId, UserId } from '#contracts';
import { Database, type Tx } from '#db';
import type { PasskeyRow } from './passkey.js';

const COLUMNS = `id, user_id AS "userId", credential_id AS "credentialId", public_key AS "publicKey",
  counter::float8 AS counter, transports, synced, name, created_at AS "createdAt", last_used_at AS "lastUsedAt"`;
const FIND = {
  name: 'passkey_find',
  text: `SELECT ${COLUMNS} FROM chat.passkeys WHERE credential_id = $1`,
};
const LIST = `SELECT ${COLUMNS} FROM chat.passkeys WHERE user_id = $1 ORDER BY id`;
const INSERT = `
  INSERT INTO chat.passkeys (id, user_id, credential_id, public_key, counter, transports, synced, name, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (credential_id) DO NOTHING RETURNING id`;
/** A counter that stands still belongs to two devices, unless they don't count at all (WebAuthn §6.1.1). */
const USE = `
  UPDATE chat.passkeys SET counter = $2, synced = $3, last_used_at = $4
  WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0)) RETURNING id`;

@Injectable()
export class PasskeysRepository {
  constructor(private readonly database: Database) {}

  async findByCredential(credentialId: Buffer): Promise<PasskeyRow | null> {
    const [row] = await this.database.run<PasskeyRow>(FIND, [credentialId]);
    return row ?? null;
  }

  list(tx: Tx, userId: UserId): Promise<PasskeyRow[]> {
    return tx.query<PasskeyRow>(LIST, [userId]);
  }

  /** False when the credential is known. */
  async insert(tx: Tx, row: Omit<PasskeyRow, 'lastUsedAt'>): Promise<boolean> {
    const { id, userId, credentialId, publicKey, counter, transports, synced, name, createdAt } = row;
    const values = [id, userId, credentialId, publicKey, counter, transports, synced, name, createdAt];
    return (await tx.query(INSERT, values)).length > 0;
  }

  async use(tx: Tx, id: PasskeyId, counter: number, synced: boolean, at: Date): Promise<boolean> {
    return (await tx.query(USE, [id, counter, synced, at])).length > 0;
  }

  async rename(tx: Tx, id: PasskeyId, userId: UserId, name: string): Promise<boolean> {
    const sql = `UPDATE chat.passkeys SET name = $3 WHERE id = $1 AND user_id = $2 RETURNING id`;
    return (await tx.query(sql, [id, userId, name])).length > 0;
  }

  async remove(tx: Tx, id: PasskeyId, userId: UserId): Promise<boolean> {
    const sql = `DELETE FROM chat.passkeys WHERE id = $1 AND user_id = $2 RETURNING id`;
    return (await tx.query(sql, [id, userId])).length > 0;
  }
}
