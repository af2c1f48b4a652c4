import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { SessionId } from '#contracts';
import { ACCESS_TOKEN_TTL_MS, RevocationList, REVOKED_SESSIONS_KEY } from '#platform';

/** Tells this process at once, and the others through Redis (the event tells them too). */
@Injectable()
export class SessionRevocation {
  constructor(
    private readonly revocations: RevocationList,
    private readonly redis: Redis,
  ) {}

  async announce(sessionId: SessionId): Promise<void> {
    const expiresAt = Date.now() + ACCESS_TOKEN_TTL_MS;
    this.revocations.add(sessionId, expiresAt);
    await this.redis
      .multi()
      .zadd(REVOKED_SESSIONS_KEY, expiresAt, sessionId)
      .zremrangebyscore(REVOKED_SESSIONS_KEY, 0, Date.now())
      .exec()
      .catch(() => undefined);
  }
}
