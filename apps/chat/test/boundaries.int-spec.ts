import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { migrate } from '#db';
import { routes, type Route } from '#contracts';
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
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, eve] = [await chat.person('Ada'), await chat.person('Eve')];
    const workspaceId = (await chat.workspace(ada)).id;
    const channelId = await chat.channel(ada, workspaceId);
    const { body: message } = await chat.send(ada, channelId, 'for members only: zebra');
    const { body: invite } = await chat.call<{ id: string }>(`POST /workspaces/${workspaceId}/invites`, {
      body: {},
      token: ada.token,
    });
    Object.assign(ids, {
      workspaceId,
      channelId,
      messageId: message.id,
      userId: ada.id,
      inviteId: invite.id,
      sectionId: newId.channel(),
      emoji: encodeURIComponent('👍'),
      position: '0',
      invitationId: newId.channel(),
      sessionId: ada.sessionId,
      token: 'x'.repeat(32),
    });
  });
  afterAll(() => chat.stop());

  it('serves exactly the routes of the contracts', () => {
    expect(servedRoutes(chat.app)).toEqual(contractRoutes('chat'));
  });

  it('validates every parameter of every route', () => {
    expect(unvalidatedParameters(chat.app)).toEqual([]);
  });

  const path = (route: Route) =>
    route.path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? newId.message());
  const bodies: Record<string, unknown> = {
    createChannel: { name: 'x', kind: 'public' },
    openDirect: { userIds: [newId.user()] },
    createInvite: {},
    inviteByEmail: { emails: ['x@example.org'] },
    updateWorkspace: {},
    transferWorkspace: { userId: newId.user() },
    changeMember: { role: 'member' },
    bulkMembers: { action: 'deactivate', userIds: [newId.user()] },
    createRole: { name: 'x', permissions: [] },
    updateRole: {},
    addChannelMember: { userId: newId.user() },
    updateChannel: { topic: 'x' },
    addChannelMembers: { userIds: [newId.user()] },
    updateChannelMember: { role: 'admin' },
    proposeDirectMember: { userId: newId.user() },
    updateChannelPreferences: { muted: true },
    placeChannel: { sectionId: null },
    createSection: { name: 'x' },
    updateSection: { name: 'x' },
    createEmoji: { name: 'x1', imageId: newId.message() },
    renameEmoji: { name: 'x1' },
    createGroup: { handle: 'x1', name: 'x' },
    updateGroup: { name: 'x' },
    addGroupMembers: { userIds: [newId.user()] },
    renamePasskey: { name: 'x' },
    sendMessage: { clientMessageId: newId.message(), text: 'x' },
    editMessage: { text: 'x' },
    moveReadCursor: { seq: 1 },
    markUnread: { seq: 1 },
    moveActivityCursor: { id: newId.message() },
    moveThreadCursor: { seq: 1 },
    markThreadUnread: { seq: 1 },
    setThreadPreferences: { level: 'all' },
  };
  const scoped = Object.entries<Route>(routes).filter(
    ([, route]) => route.service === 'chat' && route.path.includes(':'),
  );

  it.each(scoped)('%s tells a stranger that there is nothing', async (operation, route) => {
    const query = { search: '?q=zebra', deleteWorkspace: '?name=x' }[operation] ?? '';
    const [type] = route.consumes ?? [];
    const sent = type ? { body: 'x', headers: { 'content-type': type } } : { body: bodies[operation] };
    const reply = await chat.call(`${route.method} ${path(route)}${query}`, { ...sent, token: eve.token });
    expect({ status: reply.status, code: reply.body.code }).toEqual({
      status: 404,
      code: expect.stringMatching(/not_found$/),
    });
  });

  it.each(
    Object.entries<Route>(routes).filter(([, route]) => route.service === 'chat' && route.auth !== false),
  )('%s needs a token', async (operation, route) => {
    const reply = await chat.call(`${route.method} ${path(route)}`, {
      body: bodies[operation] ?? (route.body ? {} : undefined),
    });
    expect(reply.body.code).toBe('auth.unauthenticated');
  });

  it('answers who may see what over RPC, null for strangers', async () => {
    const pairs = [ada, eve].map((person) => ({ workspaceId: ids['workspaceId'], userId: person.id }));
    const reply = await chat.bus.nats.request('rpc.v1.chat.memberships', JSON.stringify({ pairs }));
    const { data } = reply.json<{
      data: { memberships: ({ role: string; channelIds: string[] } | null)[] };
    }>();
    expect(data.memberships[0]).toMatchObject({
      role: 'owner',
      channelIds: expect.arrayContaining([ids['channelId']]),
    });
    expect(data.memberships[1]).toBeNull();
    const wrong = await chat.bus.nats.request('rpc.v1.chat.memberships', '{"pairs":"?"}');
    expect(wrong.json()).toEqual({ error: 'internal' });
  });

  it('finds messages for members, with accents folded and typos forgiven, and forgets deleted ones', async () => {
    const text = 'Xin chào Đà Nẵng: kubernetes deployment, 東京で会議';
    const { body: message } = await chat.send(ada, ids['channelId'] as string, text);
    const search = async (q: string) =>
      (
        await chat.call<{ data: { message: { id: string } }[] }>(
          `GET /workspaces/${ids['workspaceId']}/search?q=${encodeURIComponent(q)}`,
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

  it('a worker serves no API and still indexes', async () => {
    const worker = await chat.second({ CHAT_ROLES: 'worker' });
    expect((await chat.call('GET /me', { token: ada.token }, worker)).body.code).toBe('route.not_found');
    expect((await chat.call('GET /api/health/nothing', {}, worker)).status).toBe(404);
  });

  it('publishes what a crash left between commit and publish', async () => {
    const client = new Client({ connectionString: chat.database.url });
    await client.connect();
    const id = newId.event();
    const subject = `evt.v1.0.${ids['workspaceId']}.channel.${ids['channelId']}.message.created`;
    await client.query(
      `INSERT INTO chat.outbox (id, subject, payload, created_at) VALUES ($1, $2, $3, now() - interval '1 minute')`,
      [id, subject, JSON.stringify({ id, type: 'message.created', left: 'behind' })],
    );
    await eventually(
      async () =>
        expect((await chat.events(ids['workspaceId'])).filter((event) => event.id === id)).toHaveLength(1),
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
      [ids['workspaceId'], ids['channelId'], ada.id],
    );
    await client.query('ANALYZE chat.messages');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT * FROM chat.messages WHERE channel_id = $1 AND in_channel AND seq < 40000 ORDER BY seq DESC LIMIT 50`,
      [ids['channelId']],
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
