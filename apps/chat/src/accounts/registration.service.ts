import { Injectable } from '@nestjs/common';
import type { Register, UserId } from '#contracts';
import { Clock } from '#core';
import { Database, type Tx } from '#db';
import { DomainError } from '#platform';
import { AccountMails } from '../account-mail/account-mails.service.js';
import { newAccount } from './account.js';
import { AccountsRepository } from './accounts.repository.js';
import { PasswordCheck } from './password-check.js';
import type { User } from './user.entity.js';

/** New accounts. */
@Injectable()
export class Registration {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsRepository,
    private readonly passwords: PasswordCheck,
    private readonly mails: AccountMails,
    private readonly clock: Clock,
  ) {}

  /** Commits with what `begin` does for the new account. Throws `auth.password_weak` and `auth.email_taken`. */
  async register<T>(
    input: Register,
    begin: (tx: Tx, userId: UserId) => Promise<T>,
  ): Promise<{ user: User; begun: T }> {
    const passwordHash = await this.passwords.hashNew(input.password, input);
    const user = newAccount(input, passwordHash, this.clock.now());
    const begun = await this.database.transaction(async (tx) => {
      if (!(await this.accounts.insertUser(tx, user))) throw new DomainError('auth.email_taken');
      await this.mails.sendLink(tx, { kind: 'verify_email', userId: user.id });
      return begin(tx, user.id);
    });
    return { user, begun };
  }
}
