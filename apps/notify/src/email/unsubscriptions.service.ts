import { Inject, Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { CONFIG, DomainError } from '#platform';
import type { NotifyConfig } from '../config.js';
import { WishesService } from '../notifications/wishes.service.js';
import { userOfToken } from './unsubscribe-token.js';

/** Ends somebody's mails by a link of one of them, without a session. */
@Injectable()
export class UnsubscriptionsService {
  constructor(
    @Inject(CONFIG) private readonly config: NotifyConfig,
    private readonly wishes: WishesService,
  ) {}

  /** Throws `auth.link_invalid`. */
  check(token: string): UserId {
    const { linkKey } = this.config.email;
    const userId = linkKey === undefined ? null : userOfToken(token, linkKey);
    if (userId === null) throw new DomainError('auth.link_invalid');
    return userId;
  }

  async stop(token: string): Promise<void> {
    await this.wishes.stopEmail(this.check(token));
  }
}
