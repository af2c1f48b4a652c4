import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { JobId, type JobKind } from '#contracts';
import { Clock } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, LOGGER, type Logger } from '#platform';
import { AccessService } from '../access/access.service.js';
import { job } from '../jobs/job.js';
import type { JobAttempt } from '../jobs/job-runner.js';
import { Jobs } from '../jobs/jobs.service.js';
import { OperationEvents } from './operation-events.js';
import { OperationFiles } from './operation-files.js';
import { OperationRun, RunLost } from './operation-run.js';
import { MAX_STALLS, needed, RESULT_HOURS, type OperationRow } from './operation.js';
import { OperationsRepository } from './operations.repository.js';

export const operationJob = job('operation.run', z.object({ operationId: JobId }), {
  lane: 'long',
  expireInSeconds: 6 * 3600,
});

/** After a day and an hour nobody needs the files of an operation any more. */
const sweepJob = job('operation.sweep', z.object({}));
const SWEEP_AFTER_MS = 25 * 3_600_000;

/** Goes on with an operation from its checkpoint; `more` when the run was over before it was. */
export type Work = (run: OperationRun) => Promise<'done' | 'more'>;

/** Runs operations in workers. A killed worker's goes on, from its last step, in another one. */
@Injectable()
export class OperationRunner {
  private readonly works = new Map<JobKind, Work>();

  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly operations: OperationsRepository,
    private readonly events: OperationEvents,
    private readonly files: OperationFiles,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    jobs.work(operationJob, ({ operationId }, attempt) => this.run(operationId, attempt));
    jobs.work(sweepJob, () => files.sweep(clock.now()));
  }

  register(kind: JobKind, work: Work): void {
    this.works.set(kind, work);
  }

  async start(tx: Tx, operationId: JobId): Promise<void> {
    const startAfter = new Date(this.clock.now().getTime() + SWEEP_AFTER_MS);
    await this.jobs.enqueue(tx, sweepJob, {}, { startAfter });
    await this.enqueue(tx, operationId);
  }

  private enqueue(tx: Tx, operationId: JobId): Promise<void> {
    return this.jobs.enqueue(tx, operationJob, { operationId });
  }

  private async run(id: JobId, { signal, last }: JobAttempt): Promise<void> {
    const row = await this.database.transaction(async (tx) => {
      const begun = await this.operations.begin(tx, id, this.clock.now());
      if (begun) await this.events.tell(tx, begun);
      return begun;
    });
    if (!row) return;
    if (row.stalls > MAX_STALLS) return this.finish(row, 'failed', 'internal');
    const work = this.works.get(row.kind);
    if (!work) throw new Error(`this process does not know operations of kind ${row.kind}`);
    const run = new OperationRun(row, signal, this.database, this.operations, this.events);
    try {
      // Whoever started it may have been taken the right, or have left, meanwhile.
      await this.access.permit({ userId: row.startedBy }, row.workspaceId, needed[row.kind]);
      if ((await work(run)) === 'done') await this.finish(run.operation, 'done', null);
      else await this.database.transaction((tx) => this.enqueue(tx, id));
    } catch (error) {
      if (error instanceof RunLost) return;
      const given = error instanceof DomainError;
      if (!given && !last) throw error;
      this.log.warn({ err: error, operation: id }, 'an operation failed');
      await this.finish(run.operation, 'failed', given ? (error as DomainError).code : 'internal');
    }
  }

  private async finish(
    row: OperationRow,
    state: 'done' | 'failed',
    problem: OperationRow['problem'],
  ): Promise<void> {
    const finishedAt = this.clock.now();
    const until = new Date(finishedAt.getTime() + RESULT_HOURS * 3_600_000);
    const downloadableUntil = state === 'done' && row.kind === 'slack_export' ? until : null;
    const ended = await this.database.transaction(async (tx) => {
      const end = { state, problem, finishedAt, downloadableUntil };
      const finished = await this.operations.finish(tx, row.id, row.step, end);
      if (finished) await this.events.tell(tx, finished);
      return finished;
    });
    if (ended) await this.files.drop(row.id, 'source');
  }
}
