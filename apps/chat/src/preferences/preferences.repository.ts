import { Injectable } from '@nestjs/common';
import type { QuietHours, UpdatePreferences, UserId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';

export type PreferencesRow = {
  dndUntil: Date | null;
  quietHours: QuietHours | null;
  readReceipts: boolean;
  version: number;
};

export type DoNotDisturbRow = Pick<PreferencesRow, 'dndUntil' | 'quietHours'> & {
  id: UserId;
  timeZone: string | null;
};

const COLUMNS = `dnd_until AS "dndUntil", quiet_hours AS "quietHours", read_receipts AS "readReceipts",
  preferences_version AS version`;
const FIND: Statement = {
  name: 'preferences_find',
  text: `SELECT ${COLUMNS} FROM chat.users WHERE id = $1`,
};
const DO_NOT_DISTURB: Statement = {
  name: 'preferences_do_not_disturb',
  text: `
    SELECT id, dnd_until AS "dndUntil", quiet_hours AS "quietHours", time_zone AS "timeZone" FROM chat.users
    WHERE id = ANY ($1::uuid[]) AND deleted_at IS NULL`,
};
const LOCK = `SELECT preferences_version AS version FROM chat.users WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE`;
/** $2 to $7 are pairs: whether to set it, and to what. */
const UPDATE = `
  UPDATE chat.users SET
    dnd_until = CASE WHEN $2 THEN $3 ELSE dnd_until END,
    quiet_hours = CASE WHEN $4 THEN $5::jsonb ELSE quiet_hours END,
    read_receipts = CASE WHEN $6 THEN $7 ELSE read_receipts END,
    preferences_version = preferences_version + 1
  WHERE id = $1
  RETURNING ${COLUMNS}`;

/** All SQL on preferences. */
@Injectable()
export class PreferencesRepository {
  constructor(private readonly database: Database) {}

  async find(userId: UserId): Promise<PreferencesRow | null> {
    return (await this.database.run<PreferencesRow>(FIND, [userId]))[0] ?? null;
  }

  doNotDisturb(userIds: readonly UserId[]): Promise<DoNotDisturbRow[]> {
    return this.database.run<DoNotDisturbRow>(DO_NOT_DISTURB, [userIds]);
  }

  /** The version there is, until the end of the transaction; null when the account is gone. */
  async lockVersion(tx: Tx, userId: UserId): Promise<number | null> {
    return (await tx.query<{ version: number }>(LOCK, [userId]))[0]?.version ?? null;
  }

  async update(
    tx: Tx,
    userId: UserId,
    { dndUntil, quietHours, readReceipts }: UpdatePreferences,
  ): Promise<PreferencesRow> {
    const [row] = await tx.query<PreferencesRow>(UPDATE, [
      userId,
      dndUntil !== undefined,
      dndUntil ?? null,
      quietHours !== undefined,
      quietHours ? JSON.stringify(quietHours) : null,
      readReceipts !== undefined,
      readReceipts ?? null,
    ]);
    return row as PreferencesRow;
  }
}
