import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { Email, UserId } from '#contracts';
import type { Tx } from '#db';
import { CONFIG } from '#platform';
import type { ChatConfig } from '../config.js';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { Mails } from '../mail/mails.service.js';
import { AccountTokens } from './account-tokens.service.js';
import type { LinkKind } from './account-token.js';
import { AccountTokensRepository, type Addressee } from './account-tokens.repository.js';
import { letters, linkLetters, PAGES } from './letters.js';

const AccountMail = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('verify_email'), userId: UserId }),
  z.object({ kind: z.literal('change_email'), userId: UserId }),
  // By address: asking costs the same whether or not somebody has it.
  z.object({ kind: z.enum(['reset_password', 'first_password']), email: Email }),
]);
type AccountMail = z.infer<typeof AccountMail>;
type Person = { name: string; email: string };

const accountMailJob = job('account.mail', AccountMail);

/**
 * The mails of an account. Where one carries a link that acts for the account, its token is made when the
 * mail is: in clear it exists in the mail alone, in the database only as a hash.
 */
@Injectable()
export class AccountMails implements OnModuleInit {
  constructor(
    private readonly tokens: AccountTokens,
    private readonly addressees: AccountTokensRepository,
    private readonly jobs: Jobs,
    private readonly mails: Mails,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  onModuleInit(): void {
    this.jobs.work(accountMailJob, (mail) => this.deliver(mail));
  }

  async sendLink(tx: Tx, mail: AccountMail): Promise<void> {
    await this.jobs.enqueue(tx, accountMailJob, mail);
  }

  async tellPasswordChanged(tx: Tx, { email, name }: Person): Promise<void> {
    await this.mails.send(tx, letters.passwordChanged(email, name, this.config.publicUrl));
  }

  async tellEmailChanged(tx: Tx, { email, name }: Person): Promise<void> {
    await this.mails.send(tx, letters.emailChanged(email, name));
  }

  async tellEmailInUse(tx: Tx, email: string): Promise<void> {
    await this.mails.send(tx, letters.emailInUse(email, this.config.publicUrl));
  }

  private async deliver(mail: AccountMail): Promise<void> {
    const addressee = await this.addressee(mail);
    const email = addressee && this.addressFor(mail.kind, addressee);
    if (!addressee || !email) return;
    const token = await this.tokens.issue(mail.kind, { userId: addressee.id, email });
    const link = `${this.config.publicUrl}${PAGES[mail.kind]}#${token}`;
    await this.mails.deliver(linkLetters[mail.kind](email, addressee.name, link));
  }

  private addressee(mail: AccountMail): Promise<Addressee | null> {
    return 'email' in mail ? this.addressees.findByEmail(mail.email) : this.addressees.find(mail.userId);
  }

  /** Null when the mail has become pointless since it was asked for. */
  private addressFor(kind: LinkKind, { email, pendingEmail, emailVerifiedAt }: Addressee): string | null {
    if (kind === 'change_email') return pendingEmail;
    return kind === 'verify_email' && emailVerifiedAt ? null : email;
  }
}
