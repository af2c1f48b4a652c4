import { Inject, Injectable } from '@nestjs/common';
import type { JobResult, JobWithMetadata } from 'pg-boss';
import { Counter, Histogram, LOGGER, SpanKind, withSpan, type Logger } from '#platform';
import type { Envelope, JobDefinition } from './job.js';

export type JobAttempt = {
  /** Aborted when the time is up or the process ends. */
  signal: AbortSignal;
  /** Whether it is put aside if it fails once more. */
  last: boolean;
};
export type JobHandler<Data = unknown> = (data: Data, attempt: JobAttempt) => Promise<void>;

const outcomes = new Counter({
  name: 'parley_jobs_total',
  help: 'Background jobs by kind and outcome: done, retried (will be tried again) or failed (put aside)',
  labelNames: ['job', 'outcome'] as const,
});
const durations = new Histogram({
  name: 'parley_job_duration_seconds',
  help: 'Time that one try of a background job took',
  labelNames: ['job'] as const,
  buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600],
});

/** Does one job, and says what became of it. */
@Injectable()
export class JobRunner {
  private readonly kinds = new Map<string, { definition: JobDefinition; handler: JobHandler }>();

  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  register(definition: JobDefinition, handler: JobHandler): void {
    if (this.kinds.has(definition.name)) throw new Error(`two handlers of the job ${definition.name}`);
    this.kinds.set(definition.name, { definition, handler });
  }

  /** Never rejects: jobs that were fetched together must not fail together. */
  async run({ id, data, signal, retryCount, retryLimit }: JobWithMetadata<Envelope>): Promise<JobResult> {
    const { job, traceparent } = data;
    const last = retryCount >= retryLimit;
    const end = durations.startTimer({ job });
    try {
      await withSpan(`job ${job}`, SpanKind.CONSUMER, traceparent, () => this.handle(data, { signal, last }));
      outcomes.inc({ job, outcome: 'done' });
      return { id, status: 'completed' };
    } catch (err) {
      outcomes.inc({ job, outcome: last ? 'failed' : 'retried' });
      this.log[last ? 'error' : 'warn'](
        { err, job, jobId: id, attempt: retryCount + 1 },
        last ? 'a job failed and is put aside' : 'a job failed and will be tried again',
      );
      return { id, status: 'failed', output: { message: (err as Error).message } };
    } finally {
      end();
    }
  }

  private async handle({ job, data }: Envelope, attempt: JobAttempt): Promise<void> {
    const kind = this.kinds.get(job);
    // While versions run side by side: a newer process takes it.
    if (!kind) throw new Error(`this process does not know the job ${job}`);
    await kind.handler(await kind.definition.schema.parseAsync(data), attempt);
  }
}
