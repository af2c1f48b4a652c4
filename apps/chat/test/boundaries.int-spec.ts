import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { ParleyEvent } from '#contracts';
import { uuidv7 } from '#core';
import { migrate } from '#db';
import {
  contractRoutes,
  eventually,
  newId,
  servedRoutes,
  startPostgresDatabase,
  unvalidatedParameters,
} from '#testing';
import { migrations } from '../src/migrations/index.js';
import { RunningChat, type Person } from './running-chat.js';

describe('the boundaries of chat', () => {
  let chat: RunningChat;
  let ada: Person;
  let eve: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, eve] = [await chat.person('Ada'), await chat.person('Eve')];
    workspaceId = (await chat.workspace(ada)).id;
    channelId = await chat.channel(ada, workspaceId);
  });
  afterAll(() => chat.stop());

  it('serves exactly the routes of the contracts', () => {
    expect(servedRoutes(chat.app)).toEqual(contractRoutes('chat'));
  });

  it('validates every parameter of every route', () => {
    expect(unvalidatedParameters(chat.app)).toEqual([]);
  });

  it('answers who may see what over RPC, null for strangers', async () => {
    const pairs = [ada, eve].map((person) => ({ workspaceId, userId: person.id }));
    const reply = await chat.bus.nats.request('rpc.v1.chat.memberships', JSON.stringify({ pairs }));
    const { data } = reply.json<{
      data: { memberships: ({ role: string; channelIds: string[] } | null)[] };
    }>();
    expect(data.memberships[0]).toMatchObject({
      role: 'owner',
      channelIds: expect.arrayContaining([channelId]),
    });
    expect(data.memberships[1]).toBeNull();
    const wrong = await chat.bus.nats.request('rpc.v1.chat.memberships', '{"pairs":"?"}');
    expect(wrong.json()).toEqual({ error: 'internal' });
  });

  it('finds messages for members, with accents folded and typos forgiven, and forgets deleted ones', async () => {
    const text = 'Xin chào Đà Nẵng: kubernetes deployment, 東京で会議';
    const { body: message } = await chat.send(ada, channelId, text);
    const search = async (q: string) =>
      (
        await chat.call<{ data: { message: { id: string } }[] }>(
          `GET /workspaces/${workspaceId}/search?q=${encodeURIComponent(q)}`,
          { token: ada.token },
        )
      ).body.data.map((hit) => hit.message.id);
    await eventually(async () => expect(await search('da nang')).toEqual([message.id]));
    expect(await search('kubernets deploymnt')).toEqual([message.id]);
    expect(await search('deploy')).toEqual([message.id]);
    expect(await search('会議')).toEqual([message.id]);
    expect(await search(`o'neil \\ % _ & | ! :*`)).toEqual([]);
    expect(await search('...')).toEqual([]);
    await chat.call(`PATCH /messages/${message.id}`, { body: { text: 'moved to Huế' }, token: ada.token });
    await eventually(async () =>
      expect([await search('hue'), await search('nang')]).toEqual([[message.id], []]),
    );
    await chat.call(`DELETE /messages/${message.id}`, { token: ada.token });
    await eventually(async () => expect(await search('hue')).toEqual([]));
  });

  it('finds a message by its newest words, also when what came before is announced after it', async () => {
    const search = async (q: string) =>
      (
        await chat.call<{ data: { message: { id: string } }[] }>(
          `GET /workspaces/${workspaceId}/search?q=${q}`,
          { token: ada.token },
        )
      ).body.data.map((hit) => hit.message.id);
    const { body: message } = await chat.send(ada, channelId, 'ultramarine');
    await chat.call(`PATCH /messages/${message.id}`, { body: { text: 'vermilion' }, token: ada.token });
    await eventually(async () => expect(await search('vermilion')).toEqual([message.id]));
    const created = (await chat.events(workspaceId)).find(
      ({ type, data }) => type === 'message.created' && data.message.id === message.id,
    );
    // Left behind by a process that died, and swept up when others had announced the change.
    const late = { ...(created as ParleyEvent), id: uuidv7() };
    const subject = `evt.v1.0.${workspaceId}.channel.${channelId}.message.created`;
    await chat.bus.js.publish(subject, JSON.stringify(late), { msgID: late.id });
    const { body: after } = await chat.send(ada, channelId, 'chartreuse');
    await eventually(async () => expect(await search('chartreuse')).toEqual([after.id]));
    expect([await search('vermilion'), await search('ultramarine')]).toEqual([[message.id], []]);
  });

  it('a worker serves no API and still indexes', async () => {
    const worker = await chat.second({ CHAT_ROLES: 'worker' });
    expect((await chat.call('GET /me', { token: ada.token }, worker)).body.code).toBe('route.not_found');
    expect((await chat.call('GET /api/health/nothing', {}, worker)).status).toBe(404);
  });

  it('publishes what a crash left between commit and publish', async () => {
    const client = new Client({ connectionString: chat.database.url });
    await client.connect();
    const id = newId.event();
    const subject = `evt.v1.0.${workspaceId}.channel.${channelId}.message.created`;
    await client.query(
      `INSERT INTO chat.outbox (id, subject, payload, created_at) VALUES ($1, $2, $3, now() - interval '1 minute')`,
      [id, subject, JSON.stringify({ id, type: 'message.created', left: 'behind' })],
    );
    await eventually(
      async () => expect((await chat.events(workspaceId)).filter((event) => event.id === id)).toHaveLength(1),
      { timeoutMs: 10_000 },
    );
    await eventually(async () =>
      expect((await client.query('SELECT 1 FROM chat.outbox')).rows).toHaveLength(0),
    );
    await client.end();
  });

  it('reads history by index in a large channel', async () => {
    const client = new Client({ connectionString: chat.database.url });
    await client.connect();
    await client.query(
      `INSERT INTO chat.messages (id, workspace_id, channel_id, seq, ordinal, sender_id, client_message_id, text, created_at)
       SELECT gen_random_uuid(), $1, $2, 100 + n, 100 + n, $3, gen_random_uuid(), 'text', now() FROM generate_series(1, 50000) n`,
      [workspaceId, channelId, ada.id],
    );
    await client.query('ANALYZE chat.messages');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT * FROM chat.messages WHERE channel_id = $1 AND in_channel AND seq < 40000 ORDER BY seq DESC LIMIT 50`,
      [channelId],
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index Scan Backward using messages_timeline/);
    expect(plan).not.toMatch(/Sort/);
    await client.end();
  });

  it('migrates up, down and up again', async () => {
    const database = await startPostgresDatabase();
    expect(await migrate(database.url, 'chat', migrations)).toHaveLength(migrations.length);
    expect(await migrate(database.url, 'chat', migrations)).toEqual([]);
    for (const _ of migrations) await migrate(database.url, 'chat', migrations, 'down');
    expect(await migrate(database.url, 'chat', migrations)).toHaveLength(migrations.length);
    await database.drop();
  });
});
