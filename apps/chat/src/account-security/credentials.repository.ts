import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import type { Tx } from '#db';
import { ME_COLUMNS, type MeRow } from '../accounts/user-row.js';

const VERIFY = `
  UPDATE chat.users u SET email_verified_at = $3, version = version + 1
  WHERE id = $1 AND email = $2 AND email_verified_at IS NULL RETURNING ${ME_COLUMNS}`;
const WANT_EMAIL = `
  UPDATE chat.users u SET pending_email = $2, version = version + 1
  WHERE id = $1 AND deleted_at IS NULL AND pending_email IS DISTINCT FROM $2 RETURNING ${ME_COLUMNS}`;
/** Both addresses, for the old one is told. */
const CHANGE_EMAIL = `
  UPDATE chat.users u SET email = $2, pending_email = NULL, email_verified_at = $3, version = u.version + 1
  FROM (SELECT id, email FROM chat.users WHERE id = $1 FOR UPDATE) old
  WHERE u.id = old.id AND u.pending_email = $2 RETURNING ${ME_COLUMNS}, old.email AS "formerEmail"`;
/** Whoever follows a mailed link has the mailbox, which verifies the address too. What else was asked for is void. */
const RESET_PASSWORD = `
  UPDATE chat.users u SET
    password_hash = $3, pending_email = NULL, email_verified_at = coalesce(email_verified_at, $4),
    version = version + 1
  WHERE id = $1 AND email = $2 RETURNING ${ME_COLUMNS}`;
const CHANGE_PASSWORD = `UPDATE chat.users SET password_hash = $2 WHERE id = $1 AND deleted_at IS NULL`;
const FORGET_WANTED = `
  UPDATE chat.users u SET pending_email = NULL, version = version + 1
  WHERE id = $1 AND pending_email IS NOT NULL RETURNING ${ME_COLUMNS}`;
const TAKEN = `SELECT 1 FROM chat.users WHERE email = $1`;
const EMAIL_CONSTRAINT = 'users_email_key';

/** All SQL that changes how a person signs in. */
@Injectable()
export class CredentialsRepository {
  /** Null when the address is verified already, or is no longer theirs. */
  async verifyEmail(tx: Tx, userId: UserId, email: string, now: Date): Promise<MeRow | null> {
    return (await tx.query<MeRow>(VERIFY, [userId, email, now]))[0] ?? null;
  }

  async isTaken(tx: Tx, email: string): Promise<boolean> {
    return (await tx.query(TAKEN, [email])).length > 0;
  }

  /** Null when it was wanted already. */
  async wantEmail(tx: Tx, userId: UserId, email: string): Promise<MeRow | null> {
    return (await tx.query<MeRow>(WANT_EMAIL, [userId, email]))[0] ?? null;
  }

  /** Null when another address is wanted by now; `taken` when someone else has it by now. */
  async changeEmail(
    tx: Tx,
    userId: UserId,
    email: string,
    now: Date,
  ): Promise<(MeRow & { formerEmail: string }) | 'taken' | null> {
    try {
      const [row] = await tx.query<MeRow & { formerEmail: string }>(CHANGE_EMAIL, [userId, email, now]);
      return row ?? null;
    } catch (error) {
      if ((error as { constraint?: string }).constraint === EMAIL_CONSTRAINT) return 'taken';
      throw error;
    }
  }

  /** Null when the address is no longer theirs. */
  async resetPassword(
    tx: Tx,
    userId: UserId,
    email: string,
    passwordHash: string,
    now: Date,
  ): Promise<MeRow | null> {
    return (await tx.query<MeRow>(RESET_PASSWORD, [userId, email, passwordHash, now]))[0] ?? null;
  }

  /** Null when no other address was wanted, of which there is nothing to tell. */
  async changePassword(tx: Tx, userId: UserId, passwordHash: string): Promise<MeRow | null> {
    await tx.query(CHANGE_PASSWORD, [userId, passwordHash]);
    return (await tx.query<MeRow>(FORGET_WANTED, [userId]))[0] ?? null;
  }
}
