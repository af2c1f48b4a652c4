import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { UserId } from '#contracts';
import { REDIS } from '../engines/tokens.js';
import type { PresenceRecord } from './presence-record.js';

/** As it was read; `raw` is what a replacement expects to find. */
export type Stored = { raw: string; record: PresenceRecord | null };
export type Replacement = { userId: UserId; expected: string; record: PresenceRecord; dueAt: number | null };

const recordKey = (userId: string): string => `presence:user:${userId}`;
/** User ids by when their record is to be looked at again. */
const DUE_KEY = 'presence:due';
/** How long it is remembered when somebody was last seen. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Replaces a record unless another process was faster. KEYS: record, due. */
const REPLACE = `
  if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  if ARGV[5] == '' then redis.call('ZREM', KEYS[2], ARGV[4]) else redis.call('ZADD', KEYS[2], ARGV[5], ARGV[4]) end
  return 1`;
/** Takes those that are due, for so long that nobody else takes them meanwhile, and somebody if we die. */
const CLAIM = `
  local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
  for _, id in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], id) end
  return due`;

type Scripts = {
  presenceClaim(due: string, now: number, again: number, limit: number): Promise<UserId[]>;
};

/** Everything about presence in Redis. */
@Injectable()
export class PresenceRepository {
  private readonly redis: Redis & Scripts;

  constructor(@Inject(REDIS) redis: Redis) {
    redis.defineCommand('presenceReplace', { numberOfKeys: 2, lua: REPLACE });
    redis.defineCommand('presenceClaim', { numberOfKeys: 1, lua: CLAIM });
    this.redis = redis as Redis & Scripts;
  }

  /** In the order of the ids. */
  async load(userIds: readonly UserId[]): Promise<Stored[]> {
    if (userIds.length === 0) return [];
    const raws = await this.redis.mget(userIds.map(recordKey));
    return raws.map((raw) => ({
      raw: raw ?? '',
      record: raw === null ? null : (JSON.parse(raw) as PresenceRecord),
    }));
  }

  /** Whether each was done, in order. */
  async replace(replacements: readonly Replacement[]): Promise<boolean[]> {
    if (replacements.length === 0) return [];
    const commands = replacements.map(({ userId, expected, record, dueAt }) => [
      'presenceReplace',
      recordKey(userId),
      DUE_KEY,
      expected,
      JSON.stringify(record),
      KEPT_MS,
      userId,
      dueAt ?? '',
    ]);
    const replies = (await this.redis.pipeline(commands).exec()) ?? [];
    return replies.map(([error, done]) => {
      if (error) throw error;
      return done === 1;
    });
  }

  /** Takes people whose record is due, at most `limit`; they come again after `leaseMs` unless it is replaced. */
  claimDue(now: number, leaseMs: number, limit: number): Promise<UserId[]> {
    return this.redis.presenceClaim(DUE_KEY, now, now + leaseMs, limit);
  }
}
