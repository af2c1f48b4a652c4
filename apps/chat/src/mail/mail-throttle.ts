import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DomainError } from '#platform';

const MAX_MAILS = 5;
const WINDOW_S = 3600;

/**
 * Keeps us from being used to flood someone's mailbox. Counted before anyone knows whether a mail goes
 * out, so that it tells nothing either. Without Redis the gateway's limit remains.
 */
@Injectable()
export class MailThrottle {
  constructor(private readonly redis: Redis) {}

  /** One more mail of this kind to this address or account. Throws `rate_limited`. */
  async take(kind: string, recipient: string): Promise<void> {
    const key = `mail:${kind}:${createHash('sha256').update(recipient).digest('base64url')}`;
    const replies = await this.redis
      .multi()
      .incr(key)
      .expire(key, WINDOW_S, 'NX')
      .ttl(key)
      .exec()
      .catch(() => null);
    const [sent = 0, , left = WINDOW_S] = (replies ?? []).map(([, value]) => Number(value));
    if (sent > MAX_MAILS) throw new DomainError('rate_limited', { retryAfter: Math.max(1, left) });
  }
}
