import { Injectable } from '@nestjs/common';
import type { ChangeEmail } from '#contracts';
import { Database } from '#db';
import type { Principal } from '#platform';
import { AccountMails } from '../account-mail/account-mails.service.js';
import { requirePerson } from '../accounts/person.js';
import { Reauthentication } from '../accounts/reauthentication.service.js';
import { MailThrottle } from '../mail/mail-throttle.js';
import { CredentialChanges } from './credential-changes.service.js';

/** Which address an account has: what people ask for. It counts once it is confirmed. */
@Injectable()
export class EmailAddressesService {
  constructor(
    private readonly database: Database,
    private readonly reauthentication: Reauthentication,
    private readonly throttle: MailThrottle,
    private readonly changes: CredentialChanges,
    private readonly mails: AccountMails,
  ) {}

  async resendVerification(caller: Principal): Promise<void> {
    requirePerson(caller);
    await this.throttle.take('verify', caller.userId);
    await this.database.transaction((tx) =>
      this.mails.sendLink(tx, { kind: 'verify_email', userId: caller.userId }),
    );
  }

  /** Says nothing of whether someone has the address: whoever has it is told by mail. */
  async change(caller: Principal, { email, password }: ChangeEmail): Promise<void> {
    await this.reauthentication.require(caller, password);
    await this.throttle.take('change', caller.userId);
    await this.throttle.take('change', email);
    await this.database.transaction(async (tx) => {
      if (await this.changes.isTaken(tx, email)) return this.mails.tellEmailInUse(tx, email);
      await this.changes.wantEmail(tx, caller.userId, email);
      await this.mails.sendLink(tx, { kind: 'change_email', userId: caller.userId });
    });
  }
}
