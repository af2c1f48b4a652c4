import { Redis } from 'ioredis';
import type { Logger } from './logger.js';

/** A Redis client that fails commands fast while disconnected and reconnects for ever. */
export const createRedis = (url: string, logger: Logger): Redis => {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2000),
    lazyConnect: true,
  });
  let down = false;
  let reason: string | undefined;
  redis.on('error', (err: Error) => (reason = err.message));
  // A server that ends the connection in order is no error, but an outage all the same.
  redis.on('reconnecting', () => {
    if (!down) logger.warn({ err: reason }, 'redis connection lost');
    down = true;
  });
  redis.on('ready', () => {
    if (down) logger.info('redis connection restored');
    down = false;
  });
  return redis;
};

/** Connects; a Redis that is gone by now is waited for in the background. */
export const connectRedis = async (redis: Redis): Promise<void> => {
  await redis.connect().catch(() => undefined);
};
