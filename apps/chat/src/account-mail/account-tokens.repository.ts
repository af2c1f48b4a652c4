import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import type { TokenPurpose } from './account-token.js';

/** To whom an account mail goes; `email` and `pendingEmail` are null for deleted accounts. */
export type Addressee = {
  id: UserId;
  name: string;
  email: string | null;
  pendingEmail: string | null;
  emailVerifiedAt: Date | null;
};
export type TokenHolder = { id: UserId; name: string; email: string };
export type AccountToken = { userId: UserId; purpose: TokenPurpose; email: string };

const ADDRESSEE = `SELECT id, name, email, pending_email AS "pendingEmail", email_verified_at AS "emailVerifiedAt"
  FROM chat.users WHERE kind = 'user' AND deleted_at IS NULL`;
const BY_ID: Statement = { name: 'account_mail_by_id', text: `${ADDRESSEE} AND id = $1` };
const BY_EMAIL: Statement = { name: 'account_mail_by_email', text: `${ADDRESSEE} AND email = $1` };
const HOLDER: Statement = {
  name: 'account_tokens_holder',
  text: `
    SELECT u.id, u.name, t.email FROM chat.account_tokens t JOIN chat.users u ON u.id = t.user_id
    WHERE t.hash = $1 AND t.purpose = $2 AND t.expires_at > $3`,
};
const TAKE = `
  DELETE FROM chat.account_tokens WHERE hash = $1 AND purpose = ANY($2) AND expires_at > $3
  RETURNING user_id AS "userId", purpose, email`;
const INSERT = `
  INSERT INTO chat.account_tokens (hash, user_id, purpose, email, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6)`;
const DROP_EXPIRED = `DELETE FROM chat.account_tokens WHERE user_id = $1 AND expires_at <= $2`;
const DROP = `DELETE FROM chat.account_tokens WHERE user_id = $1 AND purpose = ANY($2)`;

/** All SQL on the tokens of account mails, and on whom they go to. */
@Injectable()
export class AccountTokensRepository {
  constructor(private readonly database: Database) {}

  async find(id: UserId): Promise<Addressee | null> {
    return (await this.database.run<Addressee>(BY_ID, [id]))[0] ?? null;
  }

  async findByEmail(email: string): Promise<Addressee | null> {
    return (await this.database.run<Addressee>(BY_EMAIL, [email]))[0] ?? null;
  }

  async insert(
    tx: Tx,
    hash: Buffer,
    { userId, purpose, email }: AccountToken,
    createdAt: Date,
    expiresAt: Date,
  ): Promise<void> {
    await tx.query(DROP_EXPIRED, [userId, createdAt]);
    await tx.query(INSERT, [hash, userId, purpose, email, createdAt, expiresAt]);
  }

  async findHolder(hash: Buffer, purpose: TokenPurpose, now: Date): Promise<TokenHolder | null> {
    return (await this.database.run<TokenHolder>(HOLDER, [hash, purpose, now]))[0] ?? null;
  }

  /** Once: of two who come with the same token one gets null. */
  async take(
    tx: Tx,
    hash: Buffer,
    purposes: readonly TokenPurpose[],
    now: Date,
  ): Promise<AccountToken | null> {
    return (await tx.query<AccountToken>(TAKE, [hash, purposes, now]))[0] ?? null;
  }

  async drop(tx: Tx, userId: UserId, purposes: readonly TokenPurpose[]): Promise<void> {
    await tx.query(DROP, [userId, purposes]);
  }
}
