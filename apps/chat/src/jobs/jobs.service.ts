import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { PgBoss } from 'pg-boss';
import type { z } from 'zod';
import type { Tx } from '#db';
import { CONFIG, currentTraceparent } from '#platform';
import type { ChatConfig } from '../config.js';
import { keyOf, LANES, type Envelope, type JobDefinition, type Lane } from './job.js';
import { JobRunner, type JobHandler } from './job-runner.js';

export const BOSS = Symbol('boss');
const POLL_SECONDS = 1;
const HEARTBEAT_SECONDS = 10;
/** Below the ten seconds that a process has to end in. */
const DRAIN_MS = 8000;

/**
 * Work for later or for another process, kept in Postgres: a job commits with the data it is about. Each is
 * done at least once, so handlers are idempotent.
 */
@Injectable()
export class Jobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(BOSS) private readonly boss: PgBoss,
    @Inject(CONFIG) private readonly config: ChatConfig,
    private readonly runner: JobRunner,
  ) {}

  /**
   * Adds a job in the caller's transaction. With a key it takes the place of the one that waits under the
   * same key; one that is running already goes on.
   */
  async enqueue<Schema extends z.ZodType>(
    tx: Tx,
    definition: JobDefinition<Schema>,
    data: z.input<Schema>,
    { startAfter, key }: { startAfter?: Date; key?: string } = {},
  ): Promise<void> {
    if (key !== undefined) await this.cancel(tx, definition, key);
    const { name, lane, retryLimit, expireInSeconds } = definition;
    const envelope: Envelope = { job: name, data, traceparent: currentTraceparent() };
    await this.boss.send(lane, envelope, {
      db: over(tx),
      retryLimit,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 600,
      expireInSeconds,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      deleteAfterSeconds: 3600,
      ...(startAfter ? { startAfter } : {}),
      ...(key === undefined ? {} : { singletonKey: keyOf(definition, key) }),
    });
  }

  /** Takes back what waits under the key. One that is running is not stopped, only not tried again. */
  async cancel(tx: Tx, definition: JobDefinition, key: string): Promise<void> {
    const { lane } = definition;
    const waiting = await this.boss.findJobs(lane, {
      key: keyOf(definition, key),
      queued: true,
      db: over(tx),
    });
    if (waiting.length > 0)
      await this.boss.deleteJob(
        lane,
        waiting.map(({ id }) => id),
        { db: over(tx) },
      );
  }

  /** Says who does the job; to be called while modules are wired. Runs in processes of the role `worker` only. */
  work<Schema extends z.ZodType>(
    definition: JobDefinition<Schema>,
    handler: JobHandler<z.output<Schema>>,
  ): void {
    this.runner.register(definition, handler as JobHandler);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.roles.includes('worker')) return;
    for (const lane of Object.keys(LANES) as Lane[]) {
      const options = {
        ...LANES[lane],
        includeMetadata: true,
        perJobResults: true,
        pollingIntervalSeconds: POLL_SECONDS,
        burstWhenBatchFull: true,
        heartbeatRefreshSeconds: HEARTBEAT_SECONDS / 4,
      } as const;
      await this.boss.work<Envelope, void, typeof options>(lane, options, (jobs) =>
        Promise.all(jobs.map((one) => this.runner.run(one))),
      );
    }
  }

  /** Takes no more, waits for what runs, and gives back what doesn't end in time; before the database closes. */
  async beforeApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DRAIN_MS);
    });
    const drained = Promise.all(Object.keys(LANES).map((lane) => this.boss.offWork(lane)));
    await Promise.race([drained, overdue]);
    clearTimeout(timer);
    await this.boss.stop({ graceful: false });
  }
}

/** The transaction as pg-boss sees a database. */
const over = (tx: Tx) => ({
  executeSql: async (text: string, values?: unknown[]) => ({ rows: await tx.query(text, values) }),
});
