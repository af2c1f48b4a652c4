import type { EventPublisher } from './publisher.js';
import type { OutboundEvent } from './outbound.js';

/** A committed outbox row. `position` orders the rows of a channel as they were committed. */
export type OutboxRow = OutboundEvent & { position: string };

/** Where the rows lie; `#db` implements it. */
export interface OutboxStore {
  /** Rows older than `olderThanMs` in commit order, or null while another process sweeps. */
  sweep(
    olderThanMs: number,
    limit: number,
    publish: (rows: OutboxRow[]) => Promise<string[]>,
  ): Promise<number | null>;
  /** Removes rows that JetStream has acknowledged, by position. */
  remove(positions: string[]): Promise<void>;
}

export type RelayLog = {
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
};

const MAX_IN_FLIGHT = 8192;
const SWEEP_INTERVAL_MS = 1000;
const SWEEP_BATCH = 500;
/** Younger rows are on their way from the memory of the process that wrote them. */
const STALE_AFTER_MS = 3000;

/**
 * Transactional outbox (https://microservices.io/patterns/data/transactional-outbox.html). Events are
 * published from memory right after their commit; what a crash or an outage left behind is found in the
 * table by the sweeper. After a failure everything goes through the sweeper until the table is empty, so
 * that a newer event does not overtake an older one. Delivery is at least once; ids make it once.
 */
export class OutboxRelay {
  private direct = true;
  private inFlight = 0;
  private acked: string[] = [];
  private removing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly store: OutboxStore,
    private readonly publisher: EventPublisher,
    private readonly log: RelayLog,
  ) {}

  start(): void {
    this.schedule(SWEEP_INTERVAL_MS);
  }

  /** Takes committed rows; never throws and never waits. */
  enqueue(rows: readonly OutboxRow[]): void {
    if (!this.direct || this.stopped) return;
    if (this.inFlight + rows.length > MAX_IN_FLIGHT)
      return this.fallBack(new Error('too many events in flight'));
    for (const row of rows) void this.publishDirect(row);
  }

  /** Waits for what is in flight; the rest stays in the table for the next process. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
    const deadline = Date.now() + 5000;
    while ((this.inFlight > 0 || this.removing) && Date.now() < deadline) {
      await (this.removing ?? new Promise((resolve) => setTimeout(resolve, 10)));
    }
  }

  private async publishDirect(row: OutboxRow): Promise<void> {
    this.inFlight++;
    try {
      await this.publisher.publish(row);
      this.acked.push(row.position);
      this.removing ??= this.removeAcked();
    } catch (error) {
      this.fallBack(error as Error);
    } finally {
      this.inFlight--;
    }
  }

  /** One delete at a time; what is acknowledged meanwhile joins the next. */
  private async removeAcked(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.acked.length > 0) {
      const positions = this.acked;
      this.acked = [];
      try {
        await this.store.remove(positions);
      } catch (error) {
        // They are published again by the sweeper and recognised by their ids.
        this.log.warn(
          { err: (error as Error).message, rows: positions.length },
          'published outbox rows could not be removed',
        );
      }
    }
    this.removing = null;
  }

  private fallBack(error: Error): void {
    if (!this.direct) return;
    this.direct = false;
    this.log.warn({ err: error.message }, 'publishing failed; events wait in the outbox');
    this.schedule(100);
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.sweeping ??= this.sweep().finally(() => {
        this.sweeping = null;
        this.schedule(SWEEP_INTERVAL_MS);
      });
    }, ms);
  }

  private async sweep(): Promise<void> {
    try {
      const recovering = !this.direct;
      let total = 0;
      for (;;) {
        const swept = await this.store.sweep(recovering ? 0 : STALE_AFTER_MS, SWEEP_BATCH, (rows) =>
          this.publishAll(rows),
        );
        total += swept ?? 0;
        if (swept === null || swept < SWEEP_BATCH || this.stopped) break;
      }
      if (recovering) {
        this.direct = true;
        // Rows committed between the last look and this line were not enqueued.
        await this.store.sweep(0, SWEEP_BATCH, (rows) => this.publishAll(rows));
      }
      if (total > 0) this.log.info({ events: total }, 'the sweeper published what was left in the outbox');
    } catch (error) {
      this.direct = false;
      this.log.warn({ err: (error as Error).message }, 'the outbox could not be swept');
    }
  }

  /** Publishes in order, pipelined; returns the positions that were acknowledged. */
  private async publishAll(rows: OutboxRow[]): Promise<string[]> {
    const results = await Promise.allSettled(rows.map((row) => this.publisher.publish(row)));
    const acked = rows
      .filter((_, index) => results[index]?.status === 'fulfilled')
      .map((row) => row.position);
    if (rows.length > 0 && acked.length === 0) throw (results[0] as PromiseRejectedResult).reason;
    return acked;
  }
}
