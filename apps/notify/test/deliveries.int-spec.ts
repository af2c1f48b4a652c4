import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, migrate } from '#db';
import { uuidv7 } from '#core';
import { newId, startPostgresDatabase, type TestDatabase } from '#testing';
import { migrations } from '../src/migrations/index.js';
import { DeliveriesRepository } from '../src/notifications/deliveries.repository.js';

const NOW = new Date('2026-03-02T09:00:00.000Z');
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const claim = { limit: 10, leaseMs: 60_000, now: NOW };

describe('deliveries', () => {
  let postgres: TestDatabase;
  let database: Database;
  let deliveries: DeliveriesRepository;

  const rows = () =>
    database
      .execute('SELECT id, state, attempts, error_code, settled_at FROM notify.deliveries ORDER BY id')
      .then(({ rows: found }) => found as Record<string, unknown>[]);
  const insert = async (userId: string, channel: string, dueAt: Date): Promise<string> => {
    const notificationId = uuidv7();
    await database.execute(
      `INSERT INTO notify.notifications (id, user_id, workspace_id, channel_id, message_id, in_channel, seq, sender_id, reason, created_at)
       VALUES ($1, $2, $3, $4, $5, true, 1, $6, 'mention', $7)`,
      [
        notificationId,
        userId,
        newId.workspace(),
        newId.channel(),
        newId.message(),
        newId.user(),
        NOW.toISOString(),
      ],
    );
    const id = uuidv7();
    await database.execute(
      `INSERT INTO notify.deliveries (id, notification_id, user_id, channel, state, due_at, created_at) VALUES ($1, $2, $3, $4, 'pending', $5, $5)`,
      [id, notificationId, userId, channel, dueAt.toISOString()],
    );
    return id;
  };

  beforeAll(async () => {
    postgres = await startPostgresDatabase({ migrations: 'notify' });
    database = new Database({
      url: postgres.url,
      poolSize: 4,
      name: 'test',
      schema: 'notify',
      entities: [],
      onCommitted: () => undefined,
    });
    await database.open();
    deliveries = new DeliveriesRepository(database);
  });
  beforeEach(() => database.execute('TRUNCATE notify.notifications CASCADE'));
  afterAll(async () => {
    await database.close();
    await postgres.drop();
  });

  it('are claimed when they are due, of the channel that was asked for, the oldest first', async () => {
    const [first, second] = [
      await insert(newId.user(), 'push', at(-5)),
      await insert(newId.user(), 'push', at(-9)),
    ];
    await insert(newId.user(), 'push', at(1));
    await insert(newId.user(), 'email', at(-5));
    const [oldest] = await deliveries.claim('push', { ...claim, limit: 1 });
    expect(oldest).toMatchObject({
      id: second,
      attempt: 1,
      channel: 'push',
      dueAt: at(-9),
      reason: 'mention',
    });
    expect((await deliveries.claim('push', claim)).map(({ id }) => id)).toEqual([first]);
    expect(await deliveries.claim('push', claim)).toEqual([]);
  });

  it('come with everything else that is due to the same reader, and nothing that is not', async () => {
    const reader = newId.user();
    const due = [await insert(reader, 'email', at(-9)), await insert(reader, 'email', at(-2))];
    await insert(reader, 'email', at(60));
    const other = await insert(newId.user(), 'email', at(-1));
    expect((await deliveries.claim('email', { ...claim, limit: 1 })).map(({ id }) => id)).toEqual(due);
    expect((await deliveries.claim('email', { ...claim, limit: 1 })).map(({ id }) => id)).toEqual([other]);
  });

  it('are each claimed by one worker, however many ask', async () => {
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, n) => insert(newId.user(), 'push', at(-n - 1))),
    );
    const claimed = await Promise.all(Array.from({ length: 8 }, () => deliveries.claim('push', claim)));
    const rest = await deliveries.claim('push', { ...claim, limit: 100 });
    const ids = [...claimed.flat(), ...rest].map(({ id }) => id);
    expect(ids.sort()).toEqual(all.sort());
  });

  it('come back when a worker died with them, and its late word does not count', async () => {
    const id = await insert(newId.user(), 'push', at(-1));
    const [lost] = await deliveries.claim('push', claim);
    expect(await deliveries.claim('push', { ...claim, now: at(59) })).toEqual([]);
    const [again] = await deliveries.claim('push', { ...claim, now: at(61) });
    expect(again).toMatchObject({ id, attempt: 2 });
    const outcome = { state: 'failed', errorCode: 'late' } as const;
    expect(await deliveries.settle([{ id, attempt: lost?.attempt ?? 0, outcome }], NOW)).toBe(0);
    expect(await deliveries.settle([{ id, attempt: 2, outcome: { state: 'sent' } }], NOW)).toBe(1);
    expect(await rows()).toMatchObject([{ state: 'sent', attempts: 2, error_code: null, settled_at: NOW }]);
  });

  it('are tried again when a worker says so, and not after they are settled', async () => {
    const id = await insert(newId.user(), 'push', at(-1));
    await deliveries.claim('push', claim);
    const retry = { state: 'retry', errorCode: 'http_503', at: at(30) } as const;
    await deliveries.settle([{ id, attempt: 1, outcome: retry }], NOW);
    expect(await rows()).toMatchObject([{ state: 'pending', error_code: 'http_503', settled_at: null }]);
    expect(await deliveries.claim('push', { ...claim, now: at(29) })).toEqual([]);
    expect(await deliveries.claim('push', { ...claim, now: at(31) })).toHaveLength(1);
    await deliveries.settle([{ id, attempt: 2, outcome: { state: 'gone', errorCode: 'http_410' } }], NOW);
    expect(await deliveries.claim('push', { ...claim, now: at(9999) })).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'gone', error_code: 'http_410', settled_at: NOW }]);
  });

  it('migrate up, down and up again', async () => {
    const empty = await startPostgresDatabase();
    expect(await migrate(empty.url, 'notify', migrations)).toHaveLength(migrations.length);
    for (const _ of migrations) await migrate(empty.url, 'notify', migrations, 'down');
    expect(await migrate(empty.url, 'notify', migrations)).toHaveLength(migrations.length);
    await empty.drop();
  });
});
