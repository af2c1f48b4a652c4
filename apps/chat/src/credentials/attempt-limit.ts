import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { UserId } from '#contracts';
import { DomainError } from '#platform';

const MAX_ATTEMPTS = 10;
const WINDOW_S = 15 * 60;
const key = (userId: UserId) => `auth:codes:${userId}`;

/**
 * Bounds how often codes of one person can be tried. An attempt is counted before it is judged, so that
 * many at once count as many; without Redis there are none, for six digits are soon guessed.
 */
@Injectable()
export class AttemptLimit {
  constructor(private readonly redis: Redis) {}

  async take(userId: UserId): Promise<void> {
    const results = await this.redis
      .multi()
      .incr(key(userId))
      .expire(key(userId), WINDOW_S, 'NX')
      .exec()
      .catch((cause: Error) => {
        throw new DomainError('unavailable', {}, { cause });
      });
    if (Number(results?.[0]?.[1]) > MAX_ATTEMPTS)
      throw new DomainError('rate_limited', { retryAfter: WINDOW_S });
  }

  async succeeded(userId: UserId): Promise<void> {
    await this.redis.del(key(userId)).catch(() => undefined);
  }
}
