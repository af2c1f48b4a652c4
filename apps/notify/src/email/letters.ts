import { Inject, Injectable } from '@nestjs/common';
import type { Recipient } from '#contracts';
import { Mailer } from '#mail';
import { CONFIG } from '#platform';
import type { NotifyConfig } from '../config.js';
import type { Item } from './digest.js';
import { notificationMail } from './notification-mail.js';
import { unsubscribeUrl } from './unsubscribe-token.js';

/** Writes mails and hands them over. */
@Injectable()
export class Letters {
  constructor(
    @Inject(CONFIG) private readonly config: NotifyConfig,
    private readonly mailer: Mailer,
  ) {}

  /** Without a key nobody could stop them by their link, so there are none. */
  get enabled(): boolean {
    return this.config.email.linkKey !== undefined;
  }

  /** False when it was broken off: nobody knows whether the server has it. Rejects when it was not taken. */
  async send(
    items: readonly Item[],
    recipient: Recipient & { email: string },
    finish: AbortSignal,
  ): Promise<boolean> {
    const { publicUrl, email } = this.config;
    const link = unsubscribeUrl(publicUrl, recipient.userId, email.linkKey ?? '');
    const sent = this.mailer.send(notificationMail(items, recipient, { publicUrl, unsubscribeUrl: link }));
    const broken = new Promise<false>((resolve) => {
      finish.addEventListener('abort', () => resolve(false), { once: true });
    });
    return Promise.race([sent.then(() => true), broken]);
  }
}
