import type { ParleyEvent } from '#contracts';
import { outbound, type Audience, type OutboxRow, type OutboxStore } from '#bus';
import type { Database, Statement } from './database.js';
import type { Tx } from './tx.js';

const APPEND = `INSERT INTO chat.outbox (id, subject, payload) VALUES ($1, $2, $3) RETURNING position::text`;
const REMOVE: Statement = {
  name: 'outbox_remove',
  text: `DELETE FROM chat.outbox WHERE position = ANY($1::bigint[])`,
};
// Qualified, for a bare "position" would mean the text that is selected, and '10' sorts before '9'.
const STALE = `
  SELECT position::text, id, subject, payload FROM chat.outbox
  WHERE created_at <= now() - make_interval(secs => $1 / 1000.0)
  ORDER BY outbox.position LIMIT $2`;
/** Any constant: names the sweep among the advisory locks of this database. */
const SWEEP_LOCK = 7_210_001;

/** The only way a feature can publish: in the transaction that makes the event true. */
export class Outbox {
  constructor(private readonly partitions: number) {}

  async append(tx: Tx, event: ParleyEvent, audience: Audience): Promise<void> {
    const out = outbound(event, audience, this.partitions);
    const [row] = await tx.query<{ position: string }>(APPEND, [out.id, out.subject, out.payload]);
    if (row) tx.appended.push({ ...out, position: row.position });
  }
}

/** The outbox table as the relay sees it. */
export class PostgresOutboxStore implements OutboxStore {
  constructor(private readonly database: Database) {}

  async remove(positions: string[]): Promise<void> {
    await this.database.run(REMOVE, [positions]);
  }

  sweep(
    olderThanMs: number,
    limit: number,
    publish: (rows: OutboxRow[]) => Promise<string[]>,
  ): Promise<number | null> {
    return this.database.withConnection(async (query) => {
      const [lock] = await query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [SWEEP_LOCK]);
      if (!lock?.held) return null;
      try {
        const rows = await query<OutboxRow>(STALE, [olderThanMs, limit]);
        if (rows.length > 0) await query(REMOVE.text, [await publish(rows)]);
        return rows.length;
      } finally {
        await query('SELECT pg_advisory_unlock($1)', [SWEEP_LOCK]).catch(() => undefined);
      }
    });
  }
}
