import type { Job } from '#contracts';
import { eventually } from '#testing';
import { ended } from '../operations.js';
import { sampleExport, zipOf } from '../slack-archive.js';
import type { Rows } from './row.js';
import type { World } from './world.js';

const workspace = ({ w }: World) => ({ params: { workspaceId: w } });

/** A workspace has one job at a time. What was put back into the queue, no worker takes any more. */
const idle = async (world: World): Promise<void> => {
  await world.sql(`
    UPDATE chat.operations SET state = 'cancelled', finished_at = now()
    WHERE state = 'queued' AND started_at IS NOT NULL`);
  await eventually(
    async () => {
      const live = await world.sql(`SELECT 1 FROM chat.operations WHERE state IN ('queued', 'running')`);
      if (live.length > 0) throw new Error('a job is running');
    },
    { timeoutMs: 30_000, everyMs: 50 },
  );
};
const csv = async (world: World, body: string) => {
  await idle(world);
  return { ...workspace(world), body, headers: { 'content-type': 'text/csv' } };
};

const exported = new WeakMap<World, Promise<Job>>();
/** An export that the owner started, and that is done. */
const exportOf = (world: World): Promise<Job> => {
  const start = async () => {
    await idle(world);
    const { id } = await world.do<Job>(world.owner, `POST /workspaces/${world.w}/exports/slack`);
    return ended(world.chat, world.owner, id);
  };
  const job = exported.get(world) ?? start();
  exported.set(world, job);
  return job;
};
const job = async (world: World) => ({ params: { jobId: (await exportOf(world)).id } });

export const jobRows = {
  importUsers: (world) => csv(world, `email,name,role\n${world.address()},Ada,member\n`),
  importChannels: (world) => csv(world, `name,kind\n${world.name()},public\n`),
  importSlack: async (world) => {
    await idle(world);
    return {
      ...workspace(world),
      query: { dryRun: 'true' },
      body: await zipOf(sampleExport('example.org', { messagesPerDay: 1, days: 1 })),
      headers: { 'content-type': 'application/zip' },
    };
  },
  exportSlack: async (world) => {
    await idle(world);
    return workspace(world);
  },
  listJobs: workspace,
  getJob: job,
  listJobErrors: job,
  cancelJob: async (world, caller) => {
    const request = await job(world);
    if (caller !== 'owner') return request;
    // As before a worker took it.
    await world.sql(`UPDATE chat.operations SET state = 'queued', finished_at = NULL WHERE id = $1`, [
      request.params.jobId,
    ]);
    exported.delete(world);
    return request;
  },
  getJobResult: job,
} satisfies Partial<Rows>;
