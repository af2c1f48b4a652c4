import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG } from '#platform';
import type { ChatConfig } from '../config.js';
import { FolderMailer } from './folder-mailer.js';
import { MailThrottle } from './mail-throttle.js';
import { Mailer } from './mailer.js';
import { Mails } from './mails.service.js';
import { SmtpMailer } from './smtp-mailer.js';

const mailer = ({ mail: { smtpUrl, from, directory } }: ChatConfig): Mailer =>
  smtpUrl ? new SmtpMailer(smtpUrl, from) : new FolderMailer(directory, from);

@Global()
@Module({
  providers: [{ provide: Mailer, inject: [CONFIG], useFactory: mailer }, Mails, MailThrottle],
  exports: [Mails, MailThrottle],
})
export class MailModule implements OnApplicationShutdown {
  constructor(private readonly mailer: Mailer) {}

  onApplicationShutdown(): void {
    this.mailer.close();
  }
}
