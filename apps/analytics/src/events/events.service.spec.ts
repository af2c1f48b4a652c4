import { describe, expect, it } from '@jest/globals';
import { ClickHouseError } from '@clickhouse/client';
import { RetryLater } from '#bus';
import { createLogger, Health } from '#platform';
import { aMessage, aMessageCreated } from '#testing';
import type { EventRow } from './event-row.js';
import { EventsService } from './events.service.js';
import type { EventsRepository } from './events.repository.js';

class FakeRepository {
  inserted: EventRow[] = [];
  inserts = 0;
  schemas = 0;
  failures: Error[] = [];
  isBad: (row: EventRow) => boolean = () => false;

  async createSchema(): Promise<void> {
    this.schemas++;
  }
  async insert(rows: EventRow[]): Promise<void> {
    this.inserts++;
    const failure = this.failures.shift();
    if (failure) throw failure;
    if (rows.some(this.isBad)) throw new ClickHouseError({ code: '27', message: 'cannot parse' });
    this.inserted.push(...rows);
  }
  async probe(): Promise<void> {
    if (this.schemas === 0) throw new Error('no table');
  }
}

const setUp = () => {
  const repository = new FakeRepository();
  const health = new Health();
  const logger = createLogger('test', 'silent');
  const service = new EventsService(repository as unknown as EventsRepository, logger, health);
  return { repository, health, service };
};
const events = (count: number) =>
  Array.from({ length: count }, (_, i) => aMessageCreated(aMessage({ seq: i })));

describe('ingesting', () => {
  it('shares one insert among the events of a moment', async () => {
    const { repository, service } = setUp();
    await Promise.all(events(1000).map((event) => service.ingest(event)));
    expect(repository).toMatchObject({ inserts: 1, schemas: 1 });
    expect(repository.inserted).toHaveLength(1000);
  });

  it('keeps small inserts apart and does not make the first wait', async () => {
    const { repository, service } = setUp();
    const started = performance.now();
    await service.ingest(events(1)[0]!);
    expect(performance.now() - started).toBeLessThan(150);
    await Promise.all(events(5).map((event) => service.ingest(event)));
    expect(performance.now() - started).toBeGreaterThan(190);
    expect(repository.inserts).toBe(2);
  });

  it('refuses the bad rows of a batch and inserts their neighbours', async () => {
    const { repository, service } = setUp();
    repository.isBad = (row) => row.seq === 13 || row.seq === 64;
    const results = await Promise.allSettled(events(100).map((event) => service.ingest(event)));
    const refused = results.flatMap((result, seq) => (result.status === 'rejected' ? [{ seq, result }] : []));
    expect(refused.map(({ seq }) => seq)).toEqual([13, 64]);
    for (const { result } of refused) expect(result.reason).not.toBeInstanceOf(RetryLater);
    expect(repository.inserted).toHaveLength(98);
  });

  it('postpones a batch that could not be brought to ClickHouse', async () => {
    const { repository, service } = setUp();
    repository.failures = [new Error('connect ECONNREFUSED')];
    const results = await Promise.allSettled(events(3).map((event) => service.ingest(event)));
    for (const result of results)
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(RetryLater);
    expect(repository.inserted).toEqual([]);
  });

  it('makes the table again when it has vanished', async () => {
    const { repository, service } = setUp();
    await service.ingest(events(1)[0]!);
    repository.failures = [new ClickHouseError({ code: '60', message: 'unknown table' })];
    await expect(service.ingest(events(1)[0]!)).rejects.toBeInstanceOf(RetryLater);
    await service.ingest(events(1)[0]!);
    expect(repository.schemas).toBe(2);
  });

  it('postpones what comes while it stops, and finishes what it has without lingering', async () => {
    const { repository, service } = setUp();
    await service.ingest(events(1)[0]!);
    const last = service.ingest(events(1)[0]!);
    service.beforeApplicationShutdown();
    await service.onApplicationShutdown();
    await last;
    expect(repository.inserted).toHaveLength(2);
    await expect(service.ingest(events(1)[0]!)).rejects.toBeInstanceOf(RetryLater);
  });

  it('is ready once the table is there', async () => {
    const { health, service } = setUp();
    expect(await health.readiness()).toMatchObject({ status: 'unready' });
    service.onApplicationBootstrap();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await health.readiness()).toMatchObject({ status: 'ready' });
  });
});
