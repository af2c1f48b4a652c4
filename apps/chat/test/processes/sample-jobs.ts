import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Database } from '#db';
import { job } from '../../src/jobs/job.js';
import type { Jobs } from '../../src/jobs/jobs.service.js';

/** Notes in `effects` that it was done; the first try of one that hangs never gets there. */
export const sampleJob = job(
  'test.sample',
  z.object({ id: z.string(), hangs: z.boolean().default(false), takesMs: z.number().default(0) }),
);
/** Fails as often as it says. */
export const failingJob = job('test.failing', z.object({ id: z.string(), times: z.number() }), {
  retryLimit: 1,
});

export const SAMPLE_TABLES = `
  CREATE TABLE tries (id text, pid int);
  CREATE TABLE effects (id text, pid int)`;

export const workOnSamples = (jobs: Jobs, database: Database): void => {
  const tried = async (id: string): Promise<number> => {
    await database.execute('INSERT INTO tries VALUES ($1, $2)', [id, process.pid]);
    return (await database.execute('SELECT FROM tries WHERE id = $1', [id])).rows.length;
  };
  const done = (id: string) => database.execute('INSERT INTO effects VALUES ($1, $2)', [id, process.pid]);
  jobs.work(sampleJob, async ({ id, hangs, takesMs }) => {
    if ((await tried(id)) === 1 && hangs) await new Promise(() => undefined);
    await delay(takesMs);
    await done(id);
  });
  jobs.work(failingJob, async ({ id, times }) => {
    if ((await tried(id)) <= times) throw new Error('not yet');
    await done(id);
  });
};
