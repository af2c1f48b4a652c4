import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Mailer, openMailer } from '#mail';
import { CONFIG } from '#platform';
import type { ChatConfig } from '../config.js';
import { MailThrottle } from './mail-throttle.js';
import { Mails } from './mails.service.js';

const mailer = ({ mail }: ChatConfig): Mailer => openMailer(mail);

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
