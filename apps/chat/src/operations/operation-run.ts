import { Database, type Tx } from '#db';
import { sum, type OperationRow, type Step } from './operation.js';
import type { OperationEvents } from './operation-events.js';
import type { OperationsRepository } from './operations.repository.js';

/** Someone else goes on with the operation, or it was cancelled: leave everything as it is. */
export class RunLost extends Error {}

/** So long one run lasts before others have a turn. */
const SLICE_MS = 60_000;
/** At most two events a second. */
const QUIET_MS = 500;

/** One worker's go at an operation. */
export class OperationRun {
  private readonly until = Date.now() + SLICE_MS;
  private toldAt = 0;

  constructor(
    private row: OperationRow,
    private readonly signal: AbortSignal,
    private readonly database: Database,
    private readonly operations: OperationsRepository,
    private readonly events: OperationEvents,
  ) {}

  get operation(): Readonly<OperationRow> {
    return this.row;
  }

  /** Whether to stop after this step, and leave the rest to another run. */
  get isOver(): boolean {
    return this.signal.aborted || Date.now() > this.until;
  }

  /** Does work and notes how far it came, both or neither. Throws `RunLost`. */
  async step(work: (tx: Tx) => Promise<Step>): Promise<void> {
    this.row = await this.database.transaction(async (tx) => {
      const step = await work(tx);
      const result = sum(this.row.result, step.counts);
      const advanced = await this.operations.advance(tx, this.row, step, result);
      if (!advanced) throw new RunLost();
      if (Date.now() - this.toldAt >= QUIET_MS) {
        await this.events.tell(tx, advanced);
        this.toldAt = Date.now();
      }
      return advanced;
    });
  }
}
