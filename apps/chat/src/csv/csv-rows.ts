import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '#db';
import { DomainError } from '#platform';
import { OperationFiles } from '../operations/operation-files.js';
import type { OperationRun } from '../operations/operation-run.js';
import type { Omission } from '../operations/operation.js';
import { readCsv, type CsvRow } from './csv.js';
import { RowRefused } from './csv-row.js';

/** What came of a row. */
export type Outcome = 'created' | 'added' | 'updated' | 'unchanged';
type Checkpoint = { row: number };

class OnlyChecked extends Error {
  constructor(readonly outcome: Outcome) {
    super();
  }
}

/** Goes through a CSV file: each row is a transaction of its own, done or left out as a whole. */
@Injectable()
export class CsvRows {
  constructor(
    private readonly database: Database,
    private readonly files: OperationFiles,
  ) {}

  async each(
    run: OperationRun,
    columns: readonly string[],
    required: readonly string[],
    apply: (tx: Tx, row: CsvRow) => Promise<Outcome>,
  ): Promise<'done' | 'more'> {
    const { id, checkpoint } = run.operation;
    const { rows, omissions } = readCsv(await this.files.readAll(id, 'source'), columns, required);
    const total = rows.length;
    let done = (checkpoint as Checkpoint | null)?.row ?? -1;
    if (done < 0) {
      done = 0;
      await run.step(async () => ({ checkpoint: { row: 0 }, done: 0, total, omissions }));
    }
    for (; done < total; done++) {
      if (run.isOver) return 'more';
      const row = rows[done] as CsvRow;
      const progress = { checkpoint: { row: done + 1 }, done: done + 1 };
      try {
        const applied = async (tx: Tx) => ({ ...progress, counts: { [await apply(tx, row)]: 1 } });
        if (run.operation.dryRun) {
          const counts = { [await this.check(row, apply)]: 1 };
          await run.step(async () => ({ ...progress, counts }));
        } else await run.step(applied);
      } catch (error) {
        const omission = omissionOf(error, row.line);
        await run.step(async () => ({ ...progress, omissions: [omission] }));
      }
    }
    return 'done';
  }

  /** What would come of a row: it is done, and undone. */
  private async check(row: CsvRow, apply: (tx: Tx, row: CsvRow) => Promise<Outcome>): Promise<Outcome> {
    try {
      return await this.database.transaction(async (tx) => {
        throw new OnlyChecked(await apply(tx, row));
      });
    } catch (error) {
      if (error instanceof OnlyChecked) return error.outcome;
      throw error;
    }
  }
}

/** What is wrong with the row; anything else is no matter of the row. */
const omissionOf = (error: unknown, line: number): Omission => {
  if (error instanceof RowRefused)
    return { line, pointer: error.pointer, code: error.code, detail: error.message };
  if (error instanceof DomainError)
    return { line, pointer: '', code: 'conflict', detail: (error as DomainError).code };
  throw error;
};
