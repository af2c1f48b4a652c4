import { Injectable } from '@nestjs/common';
import { Database } from '#db';
import { AccountMails } from '../account-mail/account-mails.service.js';
import { MailThrottle } from '../mail/mail-throttle.js';

/** For someone who has forgotten their password. */
@Injectable()
export class PasswordResetService {
  constructor(
    private readonly database: Database,
    private readonly mails: AccountMails,
    private readonly throttle: MailThrottle,
  ) {}

  /** Does and takes the same whether or not someone has the address: that is found out later, by the job. */
  async request(email: string): Promise<void> {
    await this.throttle.take('reset', email);
    await this.database.transaction((tx) => this.mails.sendLink(tx, { kind: 'reset_password', email }));
  }
}
