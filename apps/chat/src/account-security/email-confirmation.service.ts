import { Injectable } from '@nestjs/common';
import { Database } from '#db';
import { AccountMails } from '../account-mail/account-mails.service.js';
import { AccountTokens } from '../account-mail/account-tokens.service.js';
import { CredentialChanges } from './credential-changes.service.js';

/** Which address an account has: what the mailed link confirms. */
@Injectable()
export class EmailConfirmationService {
  constructor(
    private readonly database: Database,
    private readonly tokens: AccountTokens,
    private readonly changes: CredentialChanges,
    private readonly mails: AccountMails,
  ) {}

  async confirm(token: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { userId, purpose, email } = await this.tokens.take(tx, token, 'verify_email', 'change_email');
      if (purpose === 'verify_email') return this.changes.verifyEmail(tx, userId, email);
      const { name, formerEmail } = await this.changes.changeEmail(tx, userId, email);
      // What was mailed to the old address must not open the account any more.
      await this.tokens.drop(tx, userId, 'verify_email', 'change_email', 'reset_password');
      await this.mails.tellEmailChanged(tx, { name, email: formerEmail });
    });
  }
}
