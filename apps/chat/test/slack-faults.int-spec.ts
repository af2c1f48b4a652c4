import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Job } from '#contracts';
import { ended, upload } from './operations.js';
import { startWorkerProcess, type WorkerProcess } from './processes/worker-process.js';
import { RunningChat, type Person } from './running-chat.js';
import { messagesOf, sampleExport, zipOf } from './slack-archive.js';

describe('an import whose worker is killed', () => {
  let chat: RunningChat;
  let client: Client;
  let ada: Person;
  const workers: WorkerProcess[] = [];
  const startWorker = async () => {
    const worker = await startWorkerProcess('chat-process.ts', { ...chat.env, CHAT_ROLES: 'worker' });
    workers.push(worker);
    return worker;
  };
  beforeAll(async () => {
    chat = await RunningChat.start({ CHAT_ROLES: 'api' });
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    ada = await chat.person();
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    await client.end();
    await chat.stop();
  });

  it('goes on in another one, and ends as if nothing had happened', async () => {
    const files = sampleExport('example.org', { days: 6, messagesPerDay: 400 });
    const workspace = await chat.workspace(ada);
    const first = await startWorker();
    const { body } = await upload(chat, ada, `/workspaces/${workspace.id}/imports/slack`, await zipOf(files));
    const read = async () => (await chat.call<Job>(`GET /jobs/${body.id}`, { token: ada.token })).body;
    while ((await read()).progress.done < 5) await delay(20);
    await first.kill();
    const killedAt = await read();
    expect(killedAt.state).toBe('running');
    await startWorker();
    const job = await ended(chat, ada, body.id);

    expect(job).toMatchObject({
      state: 'done',
      errorCount: 0,
      result: { messages: messagesOf(files).length, unchanged: 0 },
    });
    const { rows } = await client.query<{ channels: number; gaps: number; lost: number }>(
      `SELECT count(*)::int AS channels,
         count(*) FILTER (WHERE c.last_seq <> (SELECT count(DISTINCT m.seq) FROM chat.messages m WHERE m.channel_id = c.id))::int AS gaps,
         count(*) FILTER (WHERE c.last_ordinal <> (SELECT count(*) FROM chat.messages m WHERE m.channel_id = c.id AND m.in_channel))::int AS lost
       FROM chat.channels c WHERE c.workspace_id = $1 AND c.last_seq > 0`,
      [workspace.id],
    );
    expect(rows).toEqual([{ channels: 6, gaps: 0, lost: 0 }]);
    const threads = await client.query<{ wrong: number }>(
      `SELECT count(*)::int AS wrong FROM chat.threads t WHERE t.workspace_id = $1
         AND t.reply_count <> (SELECT count(*) FROM chat.messages m WHERE m.thread_id = t.root_id)`,
      [workspace.id],
    );
    expect(threads.rows).toEqual([{ wrong: 0 }]);
    const imported = (await chat.allEvents(workspace.id)).filter(({ type }) => type === 'channel.imported');
    expect(new Set(imported.map(({ channelId }) => channelId)).size).toBe(6);
    expect(imported).toHaveLength(6);
  }, 120_000);
});
