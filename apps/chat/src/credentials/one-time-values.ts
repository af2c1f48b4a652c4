import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DomainError } from '#platform';

const unavailable = (cause: Error): never => {
  throw new DomainError('unavailable', {}, { cause });
};
/** A reader of Redis must not be able to continue a login. */
const keyOf = (purpose: string, secret: string) =>
  `auth:once:${purpose}:${createHash('sha256').update(secret).digest('base64url')}`;

/** What is remembered for minutes under a secret, and taken once. */
@Injectable()
export class OneTimeValues {
  constructor(private readonly redis: Redis) {}

  async put(purpose: string, secret: string, value: string, seconds: number): Promise<void> {
    await this.redis.set(keyOf(purpose, secret), value, 'EX', seconds).catch(unavailable);
  }

  peek(purpose: string, secret: string): Promise<string | null> {
    return this.redis.get(keyOf(purpose, secret)).catch(unavailable);
  }

  /** Null for all but one of those who ask at the same time. */
  take(purpose: string, secret: string): Promise<string | null> {
    return this.redis.getdel(keyOf(purpose, secret)).catch(unavailable);
  }
}
