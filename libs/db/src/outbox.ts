import type { ParleyEvent } from '#contracts';
import { outbound, type Audience, type OutboxRow, type OutboxStore } from '#bus';
import type { Database, Statement } from './database.js';
import type { Tx } from './tx.js';

/** The statements on the outbox of one schema; the table is the same in each. */
const statementsOf = (schema: string) => ({
  append: `
    INSERT INTO ${schema}.outbox (id, subject, payload)
    SELECT e.id, e.subject, e.payload FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS e(id, subject, payload, ord)
    ORDER BY e.ord RETURNING position::text`,
  remove: {
    name: 'outbox_remove',
    text: `DELETE FROM ${schema}.outbox WHERE position = ANY($1::bigint[])`,
  } satisfies Statement,
  // Qualified, for a bare "position" would mean the text that is selected, and '10' sorts before '9'.
  stale: `
    SELECT position::text, id, subject, payload FROM ${schema}.outbox
    WHERE created_at <= now() - make_interval(secs => $1 / 1000.0)
    ORDER BY outbox.position LIMIT $2`,
});
/** Any constant: names the sweep among the advisory locks of this database, together with the schema. */
const SWEEP_LOCK = 7_210_001;
const LOCK = 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS held';
const UNLOCK = 'SELECT pg_advisory_unlock($1, hashtext($2))';

/** The only way a feature can publish: in the transaction that makes the event true. */
export class Outbox {
  private readonly statements: ReturnType<typeof statementsOf>;

  constructor(
    private readonly partitions: number,
    schema = 'chat',
  ) {
    this.statements = statementsOf(schema);
  }

  append(tx: Tx, event: ParleyEvent, audience: Audience): Promise<void> {
    return this.appendAll(tx, [{ event, audience }]);
  }

  /** In this order, by one statement. */
  async appendAll(tx: Tx, events: readonly { event: ParleyEvent; audience: Audience }[]): Promise<void> {
    if (events.length === 0) return;
    const out = events.map(({ event, audience }) => outbound(event, audience, this.partitions));
    const columns = [out.map(({ id }) => id), out.map(({ subject }) => subject), out.map((e) => e.payload)];
    const rows = await tx.query<{ position: string }>(this.statements.append, columns);
    rows.forEach(({ position }, at) => tx.appended.push({ ...(out[at] as (typeof out)[number]), position }));
  }
}

/** The outbox table as the relay sees it. */
export class PostgresOutboxStore implements OutboxStore {
  private readonly statements: ReturnType<typeof statementsOf>;

  constructor(
    private readonly database: Database,
    private readonly schema = 'chat',
  ) {
    this.statements = statementsOf(schema);
  }

  async remove(positions: string[]): Promise<void> {
    await this.database.run(this.statements.remove, [positions]);
  }

  sweep(
    olderThanMs: number,
    limit: number,
    publish: (rows: OutboxRow[]) => Promise<string[]>,
  ): Promise<number | null> {
    const { stale, remove } = this.statements;
    return this.database.withConnection(async (query) => {
      const [lock] = await query<{ held: boolean }>(LOCK, [SWEEP_LOCK, this.schema]);
      if (!lock?.held) return null;
      try {
        const rows = await query<OutboxRow>(stale, [olderThanMs, limit]);
        if (rows.length > 0) await query(remove.text, [await publish(rows)]);
        return rows.length;
      } finally {
        await query(UNLOCK, [SWEEP_LOCK, this.schema]).catch(() => undefined);
      }
    });
  }
}
