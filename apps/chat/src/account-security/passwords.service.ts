import { Injectable } from '@nestjs/common';
import type { ChangePassword, ResetPassword } from '#contracts';
import type { Principal } from '#platform';
import { AccountTokens } from '../account-mail/account-tokens.service.js';
import { Reauthentication } from '../accounts/reauthentication.service.js';
import { CredentialChanges } from './credential-changes.service.js';
import { NewPasswords } from './new-passwords.service.js';

/** Links that were mailed before would undo a new password, or hand the account to who knew the old one. */
const VOIDED = ['reset_password', 'change_email'] as const;

/** A new password for someone who knows the present one, or who has the mailbox. */
@Injectable()
export class PasswordsService {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly tokens: AccountTokens,
    private readonly changes: CredentialChanges,
    private readonly newPasswords: NewPasswords,
  ) {}

  async change(caller: Principal, { currentPassword, password }: ChangePassword): Promise<void> {
    const { name, email } = await this.reauthentication.require(caller, currentPassword);
    const person = { id: caller.userId, name, email };
    await this.newPasswords.replace(person, password, caller.sessionId, async (tx, passwordHash) => {
      await this.changes.changePassword(tx, caller.userId, passwordHash);
      await this.tokens.drop(tx, caller.userId, ...VOIDED);
    });
  }

  /** A password that is refused as weak leaves the link usable. */
  async reset({ token, password }: ResetPassword): Promise<void> {
    const person = await this.tokens.look(token, 'reset_password');
    await this.newPasswords.replace(person, password, null, async (tx, passwordHash) => {
      const { userId, email } = await this.tokens.take(tx, token, 'reset_password');
      await this.changes.resetPassword(tx, userId, email, passwordHash);
      await this.tokens.drop(tx, userId, ...VOIDED);
    });
  }
}
