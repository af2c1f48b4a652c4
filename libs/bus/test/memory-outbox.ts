import type { OutboxRow, OutboxStore } from '#bus';

/** The outbox table as an array. */
export class MemoryOutbox implements OutboxStore {
  readonly rows: (OutboxRow & { storedAt: number })[] = [];
  /** Another process holds the sweep. */
  locked = false;
  /** Makes the store fail, as a Postgres outage does. */
  down = false;
  /** How often somebody looked for old rows. */
  sweeps = 0;
  /** Rows grow old by it. */
  now = (): number => Date.now();
  private position = 0;

  append(...events: Omit<OutboxRow, 'position'>[]): OutboxRow[] {
    const added = events.map((event) => ({ ...event, position: String(++this.position) }));
    this.rows.push(...added.map((row) => ({ ...row, storedAt: this.now() })));
    return added;
  }

  async remove(positions: string[]): Promise<void> {
    if (this.down) throw new Error('the store is down');
    for (const position of positions) {
      const index = this.rows.findIndex((row) => row.position === position);
      if (index >= 0) this.rows.splice(index, 1);
    }
  }

  async sweep(
    olderThanMs: number,
    limit: number,
    publish: (rows: OutboxRow[]) => Promise<string[]>,
  ): Promise<number | null> {
    this.sweeps++;
    if (this.down) throw new Error('the store is down');
    if (this.locked) return null;
    const rows = this.rows.filter((row) => this.now() - row.storedAt >= olderThanMs).slice(0, limit);
    if (rows.length > 0) await this.remove(await publish(rows));
    return rows.length;
  }
}
