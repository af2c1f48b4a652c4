import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Message, Page, ScheduledMessage } from '#contracts';
import { eventually } from '#testing';
import { startWorkerProcess, type WorkerProcess } from './processes/worker-process.js';
import { RunningChat, type Person } from './running-chat.js';

describe('scheduled messages and dying workers', () => {
  let chat: RunningChat;
  let ada: Person;
  let workspaceId: string;
  let holder: Client;
  const workers: WorkerProcess[] = [];
  const startWorker = async () => {
    const worker = await startWorkerProcess('chat-process.ts', { ...chat.env, CHAT_ROLES: 'worker' });
    workers.push(worker);
    return worker;
  };
  beforeAll(async () => {
    chat = await RunningChat.start({ CHAT_ROLES: 'api' });
    ada = await chat.person('Ada');
    workspaceId = (await chat.workspace(ada)).id;
    holder = new Client({ connectionString: chat.database.url });
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await Promise.all(workers.map((worker) => worker.kill()));
    await chat.stop();
  });

  // A test that failed in the middle leaves nothing held for the next one.
  afterEach(() => holder.query('ROLLBACK'));

  const at = '/workspaces/';
  const schedule = async (channelId: string, text: string, ms = 1000) =>
    (
      await chat.call<ScheduledMessage>(`POST ${at}${workspaceId}/scheduled-messages`, {
        body: { channelId, text, sendAt: new Date(Date.now() + ms).toISOString() },
        token: ada.token,
      })
    ).body;
  const path = (id: string) => `${at}${workspaceId}/scheduled-messages/${id}`;
  const sent = async (channelId: string) =>
    (
      await chat.call<Page<Message>>(`GET /channels/${channelId}/messages?limit=200`, { token: ada.token })
    ).body.data.map(({ text }) => text);
  const waitingForLocks = async () => {
    const { rows } = await holder.query<{ query: string }>(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.map(({ query }) => query);
  };

  it('are each sent once, though a worker is killed while it sends and another takes over', async () => {
    const [claiming, sending] = [await chat.channel(ada, workspaceId), await chat.channel(ada, workspaceId)];
    const first = await schedule(claiming, 'killed before it was claimed');
    const second = await schedule(sending, 'killed while it was sent');
    // What the worker needs is held, so that it stands in the middle of both.
    await holder.query('BEGIN');
    await holder.query('SELECT FROM chat.scheduled_messages WHERE id = $1 FOR UPDATE', [first.id]);
    await holder.query('SELECT FROM chat.channels WHERE id = $1 FOR UPDATE', [sending]);
    const victim = await startWorker();
    await eventually(
      async () => {
        const { body } = await chat.call<ScheduledMessage>(`GET ${path(second.id)}`, { token: ada.token });
        expect(body.state).toBe('sending');
        expect((await waitingForLocks()).length).toBeGreaterThan(0);
      },
      { timeoutMs: 60_000 },
    );

    const edited = await chat.call(`PATCH ${path(second.id)}`, { body: { text: 'no' }, token: ada.token });
    const cancelled = await chat.call(`DELETE ${path(second.id)}`, { token: ada.token });
    for (const reply of [edited, cancelled])
      expect([reply.status, reply.body.code]).toEqual([409, 'scheduled_message.sending']);

    await startWorker();
    await victim.kill();
    await holder.query('COMMIT');
    await eventually(
      async () => {
        for (const id of [first.id, second.id])
          expect((await chat.call(`GET ${path(id)}`, { token: ada.token })).status).toBe(404);
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
    expect(await sent(claiming)).toEqual(['killed before it was claimed']);
    expect(await sent(sending)).toEqual(['killed while it was sent']);
  }, 180_000);

  it('are each sent once by two workers that find many of them due', async () => {
    await startWorker();
    const channelId = await chat.channel(ada, workspaceId);
    const texts = Array.from({ length: 40 }, (_, index) => `number ${String(index).padStart(2, '0')}`);
    await Promise.all(texts.map((text) => schedule(channelId, text, 5000)));
    await eventually(async () => expect((await sent(channelId)).sort()).toEqual(texts), {
      timeoutMs: 60_000,
    });
    await eventually(async () => {
      const { body } = await chat.call<Page<ScheduledMessage>>(`GET ${at}${workspaceId}/scheduled-messages`, {
        token: ada.token,
      });
      expect(body.data).toEqual([]);
    });
    expect((await sent(channelId)).length).toBe(texts.length);
  }, 180_000);

  it('are cancelled or sent, and never both', async () => {
    const channelId = await chat.channel(ada, workspaceId);
    const due = await Promise.all(
      Array.from({ length: 20 }, (_, index) => schedule(channelId, `${index}`, 3000)),
    );
    const outcomes = await Promise.all(
      due.map(async ({ id, text, sendAt }, index) => {
        await new Promise((resolve) => setTimeout(resolve, Date.parse(sendAt) - Date.now() + index * 60));
        const { status } = await chat.call(`DELETE ${path(id)}`, { token: ada.token });
        return { text, cancelled: status === 204 };
      }),
    );
    const kept = outcomes.filter(({ cancelled }) => !cancelled).map(({ text }) => text);
    await eventually(async () => expect((await sent(channelId)).sort()).toEqual(kept.sort()), {
      timeoutMs: 60_000,
    });
  }, 180_000);
});
