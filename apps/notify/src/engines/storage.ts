import { setTimeout as delay } from 'node:timers/promises';
import { EventPublisher, OutboxRelay, type Bus } from '#bus';
import { Database, PostgresOutboxStore } from '#db';
import { SpanKind, tracingEnabled, withSpan, type Logger } from '#platform';
import type { NotifyConfig } from '../config.js';

const RETRY_MS = 1000;
/** Reads nothing; fails while the schema is not there. */
const SCHEMA = `SELECT FROM notify.outbox LIMIT 0`;

/**
 * Postgres of this service, and the relay that publishes what is committed to it. Streams need neither, so a
 * process starts without them and goes on trying.
 */
export class Storage {
  readonly database: Database;
  private readonly relay: OutboxRelay;
  private readonly opened = Promise.withResolvers<void>();
  private closing = false;

  constructor(
    config: NotifyConfig,
    private readonly logger: Logger,
    bus: Bus,
  ) {
    this.database = new Database({
      ...config.postgres,
      name: 'notify',
      schema: 'notify',
      entities: [],
      onCommitted: (rows) => this.relay.enqueue(rows),
      ...(tracingEnabled()
        ? { around: (statement, run) => withSpan(`sql ${statement}`, SpanKind.CLIENT, null, run) }
        : {}),
    });
    const store = new PostgresOutboxStore(this.database, 'notify');
    this.relay = new OutboxRelay(store, new EventPublisher(bus.nats), logger);
  }

  /** Resolves once there is a database with our schema in it. */
  get ready(): Promise<void> {
    return this.opened.promise;
  }

  /** Goes on trying until it is closed. */
  async open(): Promise<void> {
    for (let attempt = 1; !this.closing; attempt++) {
      try {
        await this.database.open();
        await this.database.execute(SCHEMA);
        this.relay.start();
        return this.opened.resolve();
      } catch (error) {
        if (attempt === 1)
          this.logger.warn(
            { err: (error as Error).message },
            'there are no notifications until Postgres is up',
          );
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.relay.stop();
    await this.database.close();
  }
}
