import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';

/** Well below the time JetStream waits for an ack, also for a batch that waits behind a slow one. */
const REQUEST_TIMEOUT_MS = 10_000;

/** A client of ClickHouse's HTTP interface that knows its database; the database need not exist yet. */
export class ClickHouse {
  private readonly client: ClickHouseClient;

  constructor(private readonly options: { url: string; database: string }) {
    this.client = createClient({
      url: options.url,
      application: 'parley',
      request_timeout: REQUEST_TIMEOUT_MS,
      // Failures are told by those who know what they mean.
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
    });
  }

  get database(): string {
    return this.options.database;
  }

  /** Full name of a table of ours. */
  table(name: string): string {
    return `${this.options.database}.${name}`;
  }

  async command(sql: string): Promise<void> {
    await this.client.command({ query: sql });
  }

  /** 64-bit integers arrive as strings. */
  async query<Row>(sql: string, params: Record<string, unknown> = {}): Promise<Row[]> {
    const reply = await this.client.query({ query: sql, query_params: params, format: 'JSONEachRow' });
    return reply.json<Row>();
  }

  async insert(table: string, rows: readonly object[]): Promise<void> {
    await this.client.insert({ table: this.table(table), values: rows, format: 'JSONEachRow' });
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
