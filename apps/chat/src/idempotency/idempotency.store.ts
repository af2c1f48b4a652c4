import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { UserId } from '#contracts';
import { DomainError } from '#platform';
import type { Kept, Reply } from './idempotency.js';

/** A process that died in the middle of a request holds its key no longer than this. */
const UNDER_WAY_S = 60;
const KEPT_S = 24 * 3600;

const place = (userId: UserId, key: string) => `idempotency:${userId}:${key}`;

/** Replies by key, for a day. Without Redis a key can't be honoured, and the request is refused. */
@Injectable()
export class IdempotencyStore {
  constructor(private readonly redis: Redis) {}

  /** Null when the key is new and now taken; otherwise what is known of it. */
  async begin(userId: UserId, key: string, fingerprint: string): Promise<Kept | null> {
    return this.asked(async () => {
      const mine: Kept = { fingerprint, reply: null };
      const at = place(userId, key);
      for (;;) {
        if (await this.redis.set(at, JSON.stringify(mine), 'EX', UNDER_WAY_S, 'NX')) return null;
        const known = await this.redis.get(at);
        if (known !== null) return JSON.parse(known) as Kept;
      }
    });
  }

  async keep(userId: UserId, key: string, fingerprint: string, reply: Reply): Promise<void> {
    const kept: Kept = { fingerprint, reply };
    await this.redis.set(place(userId, key), JSON.stringify(kept), 'EX', KEPT_S);
  }

  /** What failed may be tried again. */
  async release(userId: UserId, key: string): Promise<void> {
    await this.redis.del(place(userId, key));
  }

  private async asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw new DomainError('unavailable', {}, { cause: error });
    }
  }
}
