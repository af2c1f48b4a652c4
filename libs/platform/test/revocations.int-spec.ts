import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { pino } from 'pino';
import {
  ACCESS_TOKEN_TTL_MS,
  connectRedis,
  createRedis,
  RevocationList,
  REVOKED_SESSIONS_KEY,
  unreachableEngines,
} from '#platform';
import { eventually, freePort, newId, startNats, startRedis, type EngineProcess } from '#testing';

describe('revocations', () => {
  let nats: EngineProcess;
  let redisEngine: EngineProcess;
  let connection: NatsConnection;
  let redis: ReturnType<typeof createRedis>;
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
  const revocations = new RevocationList();
  const heard: string[] = [];
  const before = newId.session();
  const inAMinute = () => Date.now() + 60_000;

  beforeAll(async () => {
    [nats, redisEngine] = await Promise.all([startNats(), startRedis()]);
    connection = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    redis = createRedis(redisEngine.url, logger);
    await connectRedis(redis);
    await redis.zadd(REVOKED_SESSIONS_KEY, inAMinute(), before, Date.now() - 1, 'expired');
    revocations.onRevoked((sessionId) => heard.push(sessionId));
    await revocations.follow(connection, redis, logger);
  });
  afterAll(async () => {
    redis.disconnect();
    await connection.close();
    await Promise.all([nats.stop(), redisEngine.stop()]);
  });
  const publish = (payload: string) =>
    connection.publish(`evt.v1.0._.user.${newId.user()}.session.revoked`, payload);

  it('are loaded at the start, without those that are over', () => {
    expect(revocations.has(before)).toBe(true);
    expect(revocations.has('expired')).toBe(false);
    expect(revocations.has(newId.session())).toBe(false);
  });

  it('are followed live and told to listeners once', async () => {
    const sessionId = newId.session();
    const event = JSON.stringify({ type: 'session.revoked', data: { sessionId } });
    publish(event);
    publish(event);
    await eventually(() => expect(revocations.has(sessionId)).toBe(true));
    await connection.flush();
    expect(heard.filter((id) => id === sessionId)).toHaveLength(1);
  });

  it('survive an unreadable event', async () => {
    publish('nonsense');
    const sessionId = newId.session();
    publish(JSON.stringify({ data: { sessionId } }));
    await eventually(() => expect(revocations.has(sessionId)).toBe(true));
    expect(lines.join('')).toContain('unreadable session.revoked event');
  });

  it('made while NATS was away are found after it is back', async () => {
    await nats.kill('SIGKILL');
    const missed = newId.session();
    await redis.zadd(REVOKED_SESSIONS_KEY, inAMinute(), missed);
    await nats.restart();
    await eventually(() => expect(revocations.has(missed)).toBe(true));
  });

  it('made while Redis was away are found after it is back', async () => {
    const missed = newId.session();
    await redis.zadd(REVOKED_SESSIONS_KEY, inAMinute(), missed);
    await redisEngine.restart();
    await eventually(() => expect(revocations.has(missed)).toBe(true));
    await eventually(() => expect(lines.join('')).toContain('redis connection restored'));
    expect(lines.filter((line) => line.includes('redis connection lost'))).toHaveLength(1);
  });

  it('fail fast while Redis is away, instead of queueing', async () => {
    const away = createRedis(`redis://127.0.0.1:${await freePort()}`, pino({ level: 'silent' }));
    await connectRedis(away);
    await expect(away.get('key')).rejects.toThrow();
    const followed = new RevocationList();
    await followed.follow(connection, away, logger);
    expect(lines.join('')).toContain('revoked sessions could not be loaded');
    away.disconnect();
  });

  it('are forgotten when no token of the session can live', () => {
    const list = new RevocationList();
    list.add('old', Date.now() - 1);
    list.add('new');
    expect([list.has('old'), list.has('new')]).toEqual([false, true]);
    expect(ACCESS_TOKEN_TTL_MS).toBe(600_000);
  });

  it('need engines, and the missing ones are told in a line each', async () => {
    const nobody = await freePort();
    const problems = await unreachableEngines(
      {
        nats: nats.url,
        redis: `redis://:s3cret@127.0.0.1:${nobody}`,
        postgres: `postgres://u:s3cret@127.0.0.1:${nobody}/db`,
      },
      300,
    );
    expect(problems).toEqual([
      `redis is not reachable at 127.0.0.1:${nobody}: ECONNREFUSED`,
      `postgres is not reachable at 127.0.0.1:${nobody}: ECONNREFUSED`,
    ]);
  });

  it('wait for an engine that is late', async () => {
    const port = await freePort();
    const waiting = unreachableEngines({ redis: `redis://127.0.0.1:${port}` }, 5000);
    const late = await startRedis({ port });
    expect(await waiting).toEqual([]);
    await late.stop();
  });
});
