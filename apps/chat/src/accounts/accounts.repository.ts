import { Injectable } from '@nestjs/common';
import type { SessionId, UserId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { RefreshToken } from './refresh-token.entity.js';
import { Session } from './session.entity.js';
import { ME_COLUMNS, type MeRow } from './user-row.js';
import { User } from './user.entity.js';

const ME: Statement = { name: 'accounts_me', text: `SELECT ${ME_COLUMNS} FROM chat.users u WHERE u.id = $1` };
const EMAIL_CONSTRAINT = 'users_email_key';
/** The row lock makes two refreshes with one token take turns. */
const LOCK_TOKEN = `SELECT hash, session_id AS "sessionId", used_at AS "usedAt" FROM chat.refresh_tokens WHERE hash = $1 FOR UPDATE`;
const DROP_OLD_TOKENS = `DELETE FROM chat.refresh_tokens WHERE session_id = $1 AND used_at < $2`;
const REVOKE_ALL = `
  UPDATE chat.sessions SET revoked_at = $3
  WHERE user_id = $1 AND id IS DISTINCT FROM $2 AND revoked_at IS NULL AND expires_at > $3 RETURNING id`;

/** All SQL on users, sessions and refresh tokens. */
@Injectable()
export class AccountsRepository {
  constructor(private readonly database: Database) {}

  findUserByEmail(email: string): Promise<User | null> {
    return this.database.repository(User).findOneBy({ email });
  }

  findUser(id: UserId): Promise<User | null> {
    return this.database.repository(User).findOneBy({ id });
  }

  async findMe(id: UserId): Promise<MeRow | null> {
    return (await this.database.run<MeRow>(ME, [id]))[0] ?? null;
  }

  /** False when the address is taken. */
  async insertUser(tx: Tx, user: User): Promise<boolean> {
    try {
      await tx.manager.insert(User, user);
      return true;
    } catch (error) {
      if ((error as { constraint?: string }).constraint === EMAIL_CONSTRAINT) return false;
      throw error;
    }
  }

  async insertSession(tx: Tx, session: Session): Promise<void> {
    await tx.manager.insert(Session, session);
  }

  findSession(tx: Tx, id: SessionId): Promise<Session | null> {
    return tx.manager.findOneBy(Session, { id });
  }

  async touchSession(tx: Tx, id: SessionId, lastSeenAt: Date, expiresAt: Date): Promise<void> {
    await tx.manager.update(Session, { id }, { lastSeenAt, expiresAt });
  }

  liveSessions(userId: UserId, now: Date): Promise<Session[]> {
    return this.database
      .repository(Session)
      .createQueryBuilder('s')
      .where('s.userId = :userId AND s.revokedAt IS NULL AND s.expiresAt > :now', { userId, now })
      .orderBy('s.lastSeenAt', 'DESC')
      .take(200)
      .getMany();
  }

  /** False when there is no such live session of this user. */
  async revokeSession(tx: Tx, id: SessionId, userId: UserId, revokedAt: Date): Promise<boolean> {
    const rows = await tx.query(
      `UPDATE chat.sessions SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING id`,
      [id, userId, revokedAt],
    );
    return rows.length > 0;
  }

  /** All live sessions of a person but one; returns which. */
  async revokeSessions(
    tx: Tx,
    userId: UserId,
    except: SessionId | null,
    revokedAt: Date,
  ): Promise<SessionId[]> {
    const rows = await tx.query<{ id: SessionId }>(REVOKE_ALL, [userId, except, revokedAt]);
    return rows.map(({ id }) => id);
  }

  async insertRefreshToken(tx: Tx, token: RefreshToken): Promise<void> {
    await tx.manager.insert(RefreshToken, token);
  }

  async lockRefreshToken(
    tx: Tx,
    hash: Buffer,
  ): Promise<Pick<RefreshToken, 'hash' | 'sessionId' | 'usedAt'> | null> {
    const [row] = await tx.query<Pick<RefreshToken, 'hash' | 'sessionId' | 'usedAt'>>(LOCK_TOKEN, [hash]);
    return row ?? null;
  }

  async useRefreshToken(tx: Tx, hash: Buffer, usedAt: Date): Promise<void> {
    await tx.manager.update(RefreshToken, { hash }, { usedAt });
  }

  async dropTokensUsedBefore(tx: Tx, sessionId: SessionId, before: Date): Promise<void> {
    await tx.query(DROP_OLD_TOKENS, [sessionId, before]);
  }
}
