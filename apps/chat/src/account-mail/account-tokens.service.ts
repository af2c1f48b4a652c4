import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Clock } from '#core';
import { Database, type Tx } from '#db';
import { DomainError } from '#platform';
import {
  hashOf,
  LIFETIME_MS,
  newToken,
  purposeOf,
  type LinkKind,
  type TokenPurpose,
} from './account-token.js';
import { AccountTokensRepository, type AccountToken, type TokenHolder } from './account-tokens.repository.js';

/** What the links of account mails open. All that is wrong with one is told the same: `auth.link_invalid`. */
@Injectable()
export class AccountTokens {
  constructor(
    private readonly database: Database,
    private readonly tokens: AccountTokensRepository,
    private readonly clock: Clock,
  ) {}

  /** A token in clear, as it exists nowhere else. Those mailed before go on working until one is used. */
  async issue(kind: LinkKind, person: Omit<AccountToken, 'purpose'>): Promise<string> {
    const token = newToken();
    const now = this.clock.now();
    const expiresAt = new Date(now.getTime() + LIFETIME_MS[kind]);
    const about = { ...person, purpose: purposeOf(kind) };
    await this.database.transaction((tx) => this.tokens.insert(tx, hashOf(token), about, now, expiresAt));
    return token;
  }

  /** Looks without using it up. */
  async look(token: string, purpose: TokenPurpose): Promise<TokenHolder> {
    return this.valid(await this.tokens.findHolder(hashOf(token), purpose, this.clock.now()));
  }

  /** Uses it up, unless the transaction fails. */
  async take(tx: Tx, token: string, ...purposes: TokenPurpose[]): Promise<AccountToken> {
    return this.valid(await this.tokens.take(tx, hashOf(token), purposes, this.clock.now()));
  }

  /** Voids what was mailed before. */
  async drop(tx: Tx, userId: UserId, ...purposes: TokenPurpose[]): Promise<void> {
    await this.tokens.drop(tx, userId, purposes);
  }

  private valid<Found>(found: Found | null): Found {
    if (!found) throw new DomainError('auth.link_invalid');
    return found;
  }
}
