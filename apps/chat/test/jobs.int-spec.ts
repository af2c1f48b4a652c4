import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '#db';
import { eventually } from '#testing';
import type { PgBoss } from 'pg-boss';
import type { z } from 'zod';
import { runFailedJobs } from '../src/jobs/failed-jobs.js';
import { BOSS, Jobs } from '../src/jobs/jobs.service.js';
import { failingJob, SAMPLE_TABLES, sampleJob } from './processes/sample-jobs.js';
import { startWorkerProcess, type WorkerProcess } from './processes/worker-process.js';
import { RunningChat } from './running-chat.js';

describe('jobs', () => {
  let chat: RunningChat;
  let database: Database;
  let jobs: Jobs;
  let workers: WorkerProcess[];
  const startWorker = () => startWorkerProcess('sample-worker.ts', { ...chat.env, CHAT_ROLES: 'worker' });
  beforeAll(async () => {
    chat = await RunningChat.start({ CHAT_ROLES: 'api' });
    database = chat.app.get(Database);
    jobs = chat.app.get(Jobs);
    await database.execute(SAMPLE_TABLES);
    workers = await Promise.all([startWorker(), startWorker()]);
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    await chat.stop();
  });

  type Options = { startAfter?: Date; key?: string };
  const enqueue = (data: z.input<typeof sampleJob.schema>, options?: Options) =>
    database.transaction((tx) => jobs.enqueue(tx, sampleJob, data, options));
  const pids = async (table: 'tries' | 'effects', id: string) =>
    (await database.execute(`SELECT pid FROM ${table} WHERE id LIKE $1 || '%'`, [id])).rows.map(
      (row) => (row as { pid: number }).pid,
    );
  const waiting = async () =>
    (
      await database.execute(
        `SELECT FROM jobs.job WHERE data->>'job' LIKE 'test.%' AND name <> 'failed' AND state < 'completed'`,
      )
    ).rows.length;
  const allDone = () => eventually(async () => expect(await waiting()).toBe(0), { timeoutMs: 40_000 });

  it('are each done once, by whichever worker comes first', async () => {
    const id = randomUUID();
    await database.transaction(async (tx) => {
      for (let i = 0; i < 60; i++) await jobs.enqueue(tx, sampleJob, { id: `${id}-${i}`, takesMs: 600 });
    });
    await allDone();
    const done = await database.execute('SELECT DISTINCT id FROM effects WHERE id LIKE $1', [`${id}%`]);
    expect(done.rows).toHaveLength(60);
    const by = await pids('effects', id);
    expect(by).toHaveLength(60);
    expect(new Set(by).size).toBe(2);
  });

  it('do not exist when the transaction they belong to is rolled back', async () => {
    const id = randomUUID();
    const rolledBack = database.transaction(async (tx) => {
      await jobs.enqueue(tx, sampleJob, { id });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    expect(await waiting()).toBe(0);
  });

  it('wait until their time', async () => {
    const id = randomUUID();
    const due = Date.now() + 2000;
    await enqueue({ id }, { startAfter: new Date(due) });
    await eventually(async () => expect(await pids('effects', id)).toHaveLength(1));
    expect(Date.now()).toBeGreaterThanOrEqual(due);
    // Far above the second between two looks, far below what "sometime" would be.
    expect(Date.now()).toBeLessThan(due + 15_000);
  });

  it('take the place of one that waits under the same key, and of no other kind', async () => {
    const id = randomUUID();
    const startAfter = new Date(Date.now() + 3000);
    await enqueue({ id: `${id}-first` }, { key: id, startAfter });
    await database.transaction((tx) =>
      jobs.enqueue(tx, failingJob, { id: `${id}-other`, times: 0 }, { key: id, startAfter }),
    );
    await enqueue({ id: `${id}-second` }, { key: id, startAfter });
    await allDone();
    const done = await database.execute('SELECT id FROM effects WHERE id LIKE $1 ORDER BY id', [`${id}%`]);
    expect(done.rows).toEqual([{ id: `${id}-other` }, { id: `${id}-second` }]);
  });

  it('are not done when they were cancelled in time', async () => {
    const id = randomUUID();
    await enqueue({ id }, { key: id, startAfter: new Date(Date.now() + 3000) });
    await database.transaction((tx) => jobs.cancel(tx, sampleJob, id));
    await allDone();
    expect(await pids('tries', id)).toEqual([]);
  });

  it('are tried again when they fail, and put aside with the reason after the last try', async () => {
    const [once, always] = [randomUUID(), randomUUID()];
    await database.transaction(async (tx) => {
      await jobs.enqueue(tx, failingJob, { id: once, times: 1 });
      await jobs.enqueue(tx, failingJob, { id: always, times: 9 });
    });
    await allDone();
    expect(await pids('effects', once)).toHaveLength(1);
    expect(await pids('tries', always)).toHaveLength(2);
    const boss = chat.app.get<PgBoss>(BOSS);
    expect(await runFailedJobs(boss, 'list', undefined)).toMatch(/^[\w-]{36}\t\S+Z\ttest\.failing\tnot yet$/);
  });

  it('can be looked at, done again and dropped once they are put aside', async () => {
    const boss = chat.app.get<PgBoss>(BOSS);
    const run = (command: string, which?: string) => runFailedJobs(boss, command, which);
    await run('drop', 'all');
    expect(await run('list')).toBe('no failed jobs');
    const [repaired, hopeless] = [randomUUID(), randomUUID()];
    await database.transaction(async (tx) => {
      await jobs.enqueue(tx, failingJob, { id: repaired, times: 2 });
      await jobs.enqueue(tx, failingJob, { id: hopeless, times: 9 });
    });
    await allDone();
    const ids = (await run('list')).split('\n').map((line) => line.split('\t')[0] as string);
    expect(ids).toHaveLength(2);
    const shown = await Promise.all(ids.map((id) => run('show', id)));
    const idOf = (id: string) => ids[shown.findIndex((text) => text.includes(id))] as string;
    expect(await run('retry', idOf(repaired))).toBe(`again: ${idOf(repaired)}`);
    await allDone();
    expect(await pids('effects', repaired)).toHaveLength(1);
    expect(await run('drop', idOf(hopeless))).toBe(`dropped: ${idOf(hopeless)}`);
    expect(await run('list')).toBe('no failed jobs');
    expect(await run('retry', idOf(hopeless))).toBe(`no failed job ${idOf(hopeless)}`);
    expect(await run('sing')).toContain('jobs list');
  });

  it('go on when the connections to the database broke', async () => {
    const id = randomUUID();
    await database.execute(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await eventually(() => enqueue({ id }));
    await eventually(async () => expect(await pids('effects', id)).not.toEqual([]));
  });

  it('are done by another worker when the one that had them is killed', async () => {
    const id = randomUUID();
    await enqueue({ id, hangs: true });
    const [victim] = await eventually(async () => {
      const tried = await pids('tries', id);
      expect(tried).toHaveLength(1);
      return tried;
    });
    await workers.find(({ pid }) => pid === victim)?.kill();
    const survivor = workers.find(({ pid }) => pid !== victim)?.pid;
    await eventually(async () => expect(await pids('effects', id)).toEqual([survivor]), {
      timeoutMs: 60_000,
    });
    expect(await pids('tries', id)).toEqual([victim, survivor]);
    workers = workers.filter(({ pid }) => pid !== victim);
  });

  it('are finished before a worker that is stopped ends, and no new ones are begun', async () => {
    const id = randomUUID();
    await enqueue({ id, takesMs: 2000 });
    await eventually(async () => expect(await pids('tries', id)).toHaveLength(1));
    const [last] = workers.splice(0);
    const stopped = last?.kill('SIGTERM');
    await enqueue({ id: `later-${id}` });
    await stopped;
    expect(await pids('effects', id)).toHaveLength(1);
    expect(await pids('tries', `later-${id}`)).toEqual([]);
  });
});
