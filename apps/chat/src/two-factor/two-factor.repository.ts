import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Database, type Tx } from '#db';

export type TwoFactorRow = { secret: Buffer; confirmedAt: Date | null };

const COLUMNS = `secret, confirmed_at AS "confirmedAt"`;
const FIND = { name: 'two_factor_find', text: `SELECT ${COLUMNS} FROM chat.two_factor WHERE user_id = $1` };
const PASSWORD_HASH = {
  name: 'two_factor_password_hash',
  text: `SELECT password_hash AS "passwordHash" FROM chat.users WHERE id = $1`,
};
const SAVE = `
  INSERT INTO chat.two_factor (user_id, secret) VALUES ($1, $2)
  ON CONFLICT (user_id) DO UPDATE SET secret = $2, confirmed_at = NULL, last_step = NULL`;
/** Of several who come with the same code, or an older one, none but the first gets a row. */
const USE_STEP = {
  name: 'two_factor_use_step',
  text: `UPDATE chat.two_factor SET last_step = $2 WHERE user_id = $1 AND last_step < $2 RETURNING user_id`,
};

@Injectable()
export class TwoFactorRepository {
  constructor(private readonly database: Database) {}

  async find(userId: UserId): Promise<TwoFactorRow | null> {
    const [row] = await this.database.run<TwoFactorRow>(FIND, [userId]);
    return row ?? null;
  }

  async passwordHash(userId: UserId): Promise<string | null> {
    const [row] = await this.database.run<{ passwordHash: string | null }>(PASSWORD_HASH, [userId]);
    return row?.passwordHash ?? null;
  }

  async get(tx: Tx, userId: UserId): Promise<TwoFactorRow | null> {
    const [row] = await tx.query<TwoFactorRow>(`${FIND.text} FOR UPDATE`, [userId]);
    return row ?? null;
  }

  async savePending(tx: Tx, userId: UserId, secret: Buffer): Promise<void> {
    await tx.query(SAVE, [userId, secret]);
  }

  async confirm(tx: Tx, userId: UserId, step: number, at: Date): Promise<void> {
    await tx.query(`UPDATE chat.two_factor SET confirmed_at = $2, last_step = $3 WHERE user_id = $1`, [
      userId,
      at,
      step,
    ]);
  }

  async useStep(userId: UserId, step: number): Promise<boolean> {
    return (await this.database.run(USE_STEP, [userId, step])).length > 0;
  }

  async remove(tx: Tx, userId: UserId): Promise<void> {
    await tx.query(`DELETE FROM chat.two_factor WHERE user_id = $1`, [userId]);
    await tx.query(`DELETE FROM chat.recovery_codes WHERE user_id = $1`, [userId]);
  }

  async replaceRecoveryCodes(tx: Tx, userId: UserId, hashes: Buffer[]): Promise<void> {
    await tx.query(`DELETE FROM chat.recovery_codes WHERE user_id = $1`, [userId]);
    await tx.query(`INSERT INTO chat.recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])`, [
      userId,
      hashes,
    ]);
  }

  /** False for a code that was never given out, or is used up. */
  async useRecoveryCode(tx: Tx, userId: UserId, hash: Buffer): Promise<boolean> {
    const sql = `DELETE FROM chat.recovery_codes WHERE user_id = $1 AND hash = $2 RETURNING user_id`;
    return (await tx.query(sql, [userId, hash])).length > 0;
  }

  async countRecoveryCodes(tx: Tx, userId: UserId): Promise<number> {
    const sql = `SELECT count(*)::int AS count FROM chat.recovery_codes WHERE user_id = $1`;
    const [row] = await tx.query<{ count: number }>(sql, [userId]);
    return row?.count ?? 0;
  }
}
