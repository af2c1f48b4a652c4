import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { RetryLater } from '#bus';
import { BatcherClosed, BatcherOverloaded, MicroBatcher } from '#core';
import { Health, LOGGER, type Logger } from '#platform';
import { failureOf } from '../engine/clickhouse-failure.js';
import { rowOf, type AnyEvent, type EventRow } from './event-row.js';
import { EventsRepository } from './events.repository.js';
import { batchRows, eventsTotal, lagSeconds } from './ingestion-metrics.js';

/** ClickHouse likes few large inserts: smaller batches than this are at least so far apart. */
const GOOD_BATCH = 1000;
const LINGER_MS = 200;
const SCHEMA_RETRY_MS = 1000;

/** Why a row was not inserted; null when it was. */
type Verdict = Error | null;

/** Writes events in batches. An event is ingested when its insert was acknowledged, not before. */
@Injectable()
export class EventsService
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly batcher = new MicroBatcher<EventRow, Verdict>((rows) => this.write(rows), {
    maxBatch: 5000,
    maxQueue: 20_000,
  });
  private lastInsertAt = 0;
  private schemaReady = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly repository: EventsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
    health: Health,
  ) {
    health.add('clickhouse', () => repository.probe());
  }

  onApplicationBootstrap(): void {
    void this.waitForSchema();
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.batcher.close();
  }

  /** Rejects with `RetryLater` when ClickHouse can't take it now, otherwise with what is wrong with it. */
  async ingest(event: AnyEvent): Promise<void> {
    let verdict: Verdict;
    try {
      verdict = await this.batcher.submit(rowOf(event));
    } catch (error) {
      const busy = error instanceof BatcherOverloaded || error instanceof BatcherClosed;
      verdict = busy ? new RetryLater(error.constructor.name, undefined, { cause: error }) : (error as Error);
    }
    if (verdict === null) {
      lagSeconds.observe((Date.now() - Date.parse(event.time)) / 1000);
      eventsTotal.inc({ outcome: 'ingested' });
      return;
    }
    eventsTotal.inc({ outcome: verdict instanceof RetryLater ? 'postponed' : 'refused' });
    throw verdict;
  }

  private async write(rows: EventRow[]): Promise<Verdict[]> {
    if (rows.length < GOOD_BATCH) await this.linger();
    const verdicts = await this.insert(rows);
    this.lastInsertAt = Date.now();
    return verdicts;
  }

  private async linger(): Promise<void> {
    const wait = this.lastInsertAt + LINGER_MS - Date.now();
    if (wait > 0) await delay(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  /** One bad row must not fail its neighbours: a refused batch is halved until the culprit stands alone. */
  private async insert(rows: EventRow[]): Promise<Verdict[]> {
    try {
      await this.ensureSchema();
      await this.repository.insert(rows);
      batchRows.observe(rows.length);
      return rows.map(() => null);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'no_schema') this.schemaReady = false;
      if (failure !== 'refused') {
        const later = new RetryLater(`ClickHouse: ${(error as Error).message}`, undefined, { cause: error });
        return rows.map(() => later);
      }
      if (rows.length === 1) return [error as Error];
      const middle = rows.length >> 1;
      const first = await this.insert(rows.slice(0, middle));
      return [...first, ...(await this.insert(rows.slice(middle)))];
    }
  }

  private async ensureSchema(): Promise<void> {
    if (this.schemaReady) return;
    await this.repository.createSchema();
    this.schemaReady = true;
  }

  /** The service is live without ClickHouse; it becomes ready when the table is there. */
  private async waitForSchema(): Promise<void> {
    for (let told = false; !this.stopping.signal.aborted; told = true) {
      try {
        return await this.ensureSchema();
      } catch (error) {
        if (!told) this.logger.warn({ err: (error as Error).message }, 'waiting for ClickHouse');
        await delay(SCHEMA_RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }
}
