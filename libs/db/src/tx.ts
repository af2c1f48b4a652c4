import type { EntityManager } from 'typeorm';
import type { OutboxRow } from '#bus';

/**
 * An open transaction. Whoever writes needs one, and only `Database.transaction` makes one, so a write or
 * an event outside of a transaction does not type-check.
 */
export class Tx {
  /** Rows appended to the outbox, published after the commit. */
  readonly appended: OutboxRow[] = [];

  constructor(readonly manager: EntityManager) {}

  /** Rows of a SELECT or of a RETURNING clause. */
  async query<Row>(sql: string, params: unknown[] = []): Promise<Row[]> {
    const result: unknown = await this.manager.query(sql, params);
    // TypeORM answers UPDATE and DELETE with [rows, count].
    if (
      Array.isArray(result) &&
      result.length === 2 &&
      Array.isArray(result[0]) &&
      typeof result[1] === 'number'
    )
      return result[0] as Row[];
    return result as Row[];
  }
}
