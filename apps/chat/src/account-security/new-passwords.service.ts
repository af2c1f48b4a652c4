import { Injectable } from '@nestjs/common';
import type { SessionId, UserId } from '#contracts';
import { Database, type Tx } from '#db';
import { AccountMails } from '../account-mail/account-mails.service.js';
import { PasswordCheck } from '../accounts/password-check.js';
import { SessionsService } from '../accounts/sessions.service.js';

type Person = { id: UserId; name: string; email: string };

/** What a new password brings with it, however it came about. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordCheck,
    private readonly sessions: SessionsService,
    private readonly mails: AccountMails,
  ) {}

  /**
   * Ends all sessions but `keep`, which may be those of whoever knew the old password, and tells the person
   * by mail. Throws `auth.password_weak`, and what `write` throws.
   */
  async replace(
    person: Person,
    password: string,
    keep: SessionId | null,
    write: (tx: Tx, passwordHash: string) => Promise<void>,
  ): Promise<void> {
    const passwordHash = await this.passwords.hashNew(password, person);
    const revoked = await this.database.transaction(async (tx) => {
      await write(tx, passwordHash);
      await this.mails.tellPasswordChanged(tx, person);
      return this.sessions.revokeAllIn(tx, person.id, keep);
    });
    await this.sessions.announce(revoked);
    await this.passwords.forgive(person.email);
  }
}
