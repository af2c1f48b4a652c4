import { Pool, type QueryConfig, type QueryResultRow } from 'pg';
import { DataSource, type EntityTarget, type MixedList, type ObjectLiteral, type Repository } from 'typeorm';
import type { OutboxRow } from '#bus';
import { asUnavailable, DatabaseUnavailable } from './database-unavailable.js';
import { Tx } from './tx.js';

export type DatabaseOptions = {
  url: string;
  poolSize: number;
  name: string;
  /** Where the tables of the entities lie. */
  schema?: string;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM names entities by constructor
  entities: MixedList<Function>;
  /** Called with the rows a transaction appended to the outbox, right after its commit. */
  onCommitted: (rows: readonly OutboxRow[]) => void;
  /** Wraps each statement, e.g. in a trace span. */
  around?: <T>(statement: string, run: () => Promise<T>) => Promise<T>;
};

/** A prepared statement: parsed and planned once per connection. */
export type Statement = { name: string; text: string };

/**
 * Prepared statements reach their rows by index whatever the statistics say, and are planned once: a plan
 * made while tables were empty would otherwise be a scan, kept until autovacuum has looked at them.
 */
const PREPARED_PLANNING =
  '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off';

/** Postgres of one service: TypeORM for plain rows and transactions, a `pg` pool for prepared statements. */
export class Database {
  readonly source: DataSource;
  private readonly pool: Pool;

  constructor(private readonly options: DatabaseOptions) {
    const { url, poolSize, name, entities, schema = 'chat' } = options;
    this.source = new DataSource({
      type: 'postgres',
      url,
      schema,
      entities,
      poolSize: Math.ceil(poolSize / 2),
      applicationName: `parley-${name}`,
      synchronize: false,
      logging: false,
    });
    this.pool = new Pool({
      connectionString: url,
      max: Math.ceil(poolSize / 2),
      application_name: `parley-${name}-prepared`,
      options: PREPARED_PLANNING,
    });
    // A connection that dies while idle is replaced; the next query tells if there is a real problem.
    this.pool.on('error', () => undefined);
  }

  /** May be called again after it failed. */
  async open(): Promise<void> {
    if (!this.source.isInitialized) await this.source.initialize();
    await this.pool.query('SELECT 1');
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
    await this.pool.end();
  }

  repository<Entity extends ObjectLiteral>(entity: EntityTarget<Entity>): Repository<Entity> {
    return this.source.getRepository(entity);
  }

  /** Commits when `work` resolves, rolls back when it rejects; then hands the events to the relay. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.spanned('transaction', async () => {
      if (!this.source.isInitialized) throw new DatabaseUnavailable('the database has not been reached yet');
      let appended: readonly OutboxRow[] = [];
      const result = await this.source.transaction(async (manager) => {
        const tx = new Tx(manager);
        const value = await work(tx);
        appended = tx.appended;
        return value;
      });
      if (appended.length > 0) this.options.onCommitted(appended);
      return result;
    });
  }

  /** Runs a prepared statement outside of a transaction. */
  async run<Row extends QueryResultRow>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    return this.spanned(statement.name, async () => {
      const query: QueryConfig = { name: statement.name, text: statement.text, values };
      return (await this.pool.query<Row>(query)).rows;
    });
  }

  /** Runs the SQL of a library that brings its own, several statements at once too. */
  async execute(sql: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    try {
      return await this.pool.query(sql, values);
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /** Holds one connection for the time of `work`; for advisory locks. */
  async withConnection<T>(
    work: (query: <Row>(sql: string, values?: unknown[]) => Promise<Row[]>) => Promise<T>,
  ): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      return await work(
        async <Row>(sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows as Row[],
      );
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async ping(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  private async spanned<T>(statement: string, run: () => Promise<T>): Promise<T> {
    try {
      return await (this.options.around ? this.options.around(statement, run) : run());
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
