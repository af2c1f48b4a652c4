import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DomainError } from '#platform';

const MAX_FAILURES = 10;
const WINDOW_S = 15 * 60;
const key = (email: string) => `auth:failures:${email}`;

/** Slows guessing of one account's password from many addresses. Without Redis the gateway's limit remains. */
@Injectable()
export class LoginThrottle {
  constructor(private readonly redis: Redis) {}

  async check(email: string): Promise<void> {
    const failures = Number((await this.redis.get(key(email)).catch(() => null)) ?? 0);
    if (failures >= MAX_FAILURES) throw new DomainError('rate_limited', { retryAfter: WINDOW_S });
  }

  async failed(email: string): Promise<void> {
    await this.redis
      .multi()
      .incr(key(email))
      .expire(key(email), WINDOW_S, 'NX')
      .exec()
      .catch(() => undefined);
  }

  async succeeded(email: string): Promise<void> {
    await this.redis.del(key(email)).catch(() => undefined);
  }
}
