import type { NatsConnection } from '@nats-io/nats-core';
import type { Redis } from 'ioredis';
import type { Logger } from './logger.js';

/** Redis sorted set of revoked session ids, scored by the time (ms) their last access token expires. */
export const REVOKED_SESSIONS_KEY = 'auth:revoked';
const SUBJECT = 'evt.v1.*.*.user.*.session.revoked';
/** Longest life of an access token, ms. */
export const ACCESS_TOKEN_TTL_MS = 10 * 60_000;

/**
 * Sessions whose access tokens must be refused although they have not expired. Loaded from Redis at start
 * and after each reconnect, followed live on NATS; an entry lives as long as a token could.
 */
export class RevocationList {
  private readonly expiry = new Map<string, number>();
  private readonly listeners: ((sessionId: string) => void)[] = [];

  has(sessionId: string): boolean {
    return this.expiry.has(sessionId);
  }

  add(sessionId: string, expiresAt = Date.now() + ACCESS_TOKEN_TTL_MS): void {
    if (this.expiry.has(sessionId)) return;
    this.forgetExpired();
    this.expiry.set(sessionId, expiresAt);
    for (const listener of this.listeners) listener(sessionId);
  }

  onRevoked(listener: (sessionId: string) => void): void {
    this.listeners.push(listener);
  }

  /** Follows revocations until the connection closes. */
  async follow(nats: NatsConnection, redis: Redis, logger: Logger): Promise<void> {
    nats.subscribe(SUBJECT, {
      callback: (error, message) => {
        if (error) return;
        try {
          this.add(message.json<{ data: { sessionId: string } }>().data.sessionId);
        } catch (err) {
          logger.warn({ err }, 'unreadable session.revoked event');
        }
      },
    });
    const reload = () =>
      this.load(redis).catch((err: Error) =>
        logger.warn({ err: err.message }, 'revoked sessions could not be loaded'),
      );
    redis.on('ready', () => void reload());
    await reload();
    void this.watchReconnects(nats, reload);
  }

  /** Entries are (nearly) in the order of their expiry: looks at no more than it removes. */
  private forgetExpired(): void {
    const now = Date.now();
    for (const [sessionId, expiresAt] of this.expiry) {
      if (expiresAt >= now) return;
      this.expiry.delete(sessionId);
    }
  }

  private async watchReconnects(nats: NatsConnection, reload: () => Promise<void>): Promise<void> {
    for await (const status of nats.status()) if (status.type === 'reconnect') await reload();
  }

  private async load(redis: Redis): Promise<void> {
    const rows = await redis.zrangebyscore(REVOKED_SESSIONS_KEY, Date.now(), '+inf', 'WITHSCORES');
    for (let i = 0; i < rows.length; i += 2) this.add(rows[i] as string, Number(rows[i + 1]));
  }
}
