import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { RpcClient } from '#bus';
import {
  FACTS_PER_REPLY,
  rpcSubjects,
  type Message,
  type MessageFacts,
  type NotificationFactsReply,
  type PersonFacts,
} from '#contracts';
import { uuidv7 } from '#core';
import { RunningChat, type Person } from './running-chat.js';

type Asking = { edited?: boolean; candidates?: string[]; after?: string | null; listeners?: string[] };

describe('what chat tells notify about a message', () => {
  let chat: RunningChat;
  let rpc: RpcClient;
  let sql: Client;
  let [ada, bob, eve, gus]: Person[] = [];
  let w: string;
  let c: string;

  beforeAll(async () => {
    chat = await RunningChat.start();
    rpc = new RpcClient(chat.bus.nats);
    sql = new Client({ connectionString: chat.database.url });
    await sql.connect();
    [ada, bob, eve, gus] = [
      await chat.person('Ada'),
      await chat.person('Bob'),
      await chat.person('Eve'),
      await chat.person('Gus'),
    ];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, eve);
    c = await chat.channel(ada, w);
    for (const who of [bob, eve]) await as(who, `POST /channels/${c}/join`);
  });
  afterAll(async () => {
    await sql.end();
    await chat.stop();
  });

  const as = <T>(who: Person | undefined, route: string, body?: object) =>
    chat.call<T>(route, { token: who?.token, ...(body ? { body } : {}) });
  const say = async (who: Person | undefined, body: object, channelId = c) =>
    (
      await as<Message>(who, `POST /channels/${channelId}/messages`, {
        clientMessageId: randomUUID(),
        ...body,
      })
    ).body;
  const ask = async ({ id }: { id: string }, { listeners = [], ...asking }: Asking = {}) => {
    const message = { messageId: id, edited: false, candidates: [], after: null, ...asking };
    const body = { messages: [message], listeners };
    const reply = await rpc.request<NotificationFactsReply>(rpcSubjects.notificationFacts, body);
    return reply.messages[0] as MessageFacts | null;
  };
  const told = async (message: { id: string }, asking?: Asking) =>
    (await ask(message, asking))?.people.map(({ userId }) => userId) ?? null;
  const ids = (...people: (Person | undefined)[]) => people.map((person) => person?.id ?? '').sort();
  const about = async (message: { id: string }, who: Person | undefined, asking?: Asking) =>
    (await ask(message, asking))?.people.find(({ userId }) => userId === who?.id) as PersonFacts;

  it('names nobody for a message that concerns nobody, and never who wrote it', async () => {
    expect(await told(await say(bob, { text: 'hello' }))).toEqual([]);
    expect(await told(await say(bob, { text: `I, <@${bob?.id}>` }))).toEqual([]);
  });

  it('names whom it calls, with how they stand to the channel, to quiet and to their address', async () => {
    await as(eve, `PATCH /channels/${c}/preferences`, { muted: true, level: 'mentions' });
    const dndUntil = new Date(Date.now() + 60_000).toISOString();
    await as(eve, 'PATCH /me/preferences', {
      dndUntil,
      quietHours: { days: [1], from: '20:00', to: '08:00' },
    });
    await as(eve, 'PATCH /me', { timeZone: 'Asia/Kolkata', locale: 'de' });
    const message = await say(bob, { text: `<@${eve?.id}> look` });
    expect(await ask(message)).toEqual({
      direct: false,
      wide: null,
      next: null,
      people: [
        {
          userId: eve?.id,
          canRead: true,
          named: true,
          grouped: false,
          muted: true,
          level: 'mentions',
          lastReadSeq: expect.any(Number),
          following: false,
          threadLevel: 'default',
          threadLastReadSeq: 0,
          recentlyActive: false,
          dndUntil,
          quietHours: { days: [1], from: '20:00', to: '08:00' },
          timeZone: 'Asia/Kolkata',
          locale: 'de',
          emailVerified: false,
        },
      ],
    });
    expect((await about(message, eve)).lastReadSeq).toBeLessThan(message.seq);
    await as(eve, `PUT /channels/${c}/read-cursor`, { seq: message.seq });
    expect((await about(message, eve)).lastReadSeq).toBe(message.seq);
  });

  it('says who may not read it', async () => {
    const hidden = await chat.channel(ada as Person, w, 'private');
    const message = await say(ada, { text: `<@${bob?.id}> <@${gus?.id}>` }, hidden);
    // Gus is not in the workspace at all.
    expect(await ask(message)).toMatchObject({ people: [{ userId: bob?.id, canRead: false, named: true }] });
    const shown = await chat.channel(ada as Person, w);
    expect(await about(await say(ada, { text: `<@${bob?.id}>` }, shown), bob)).toMatchObject({
      canRead: true,
    });
  });

  it('names everyone in a direct conversation, or when everyone is called', async () => {
    const { body } = await as<{ channel: { id: string } }>(ada, `POST /workspaces/${w}/dms`, {
      userIds: [bob?.id],
    });
    expect(await ask(await say(ada, { text: 'hi' }, body.channel.id))).toMatchObject({
      direct: true,
      people: [{ userId: bob?.id, named: false }],
    });
    const channel = await say(bob, { text: '@channel' });
    expect(await told(channel)).toEqual(ids(ada, eve));
    expect(await ask(channel)).toMatchObject({ wide: 'channel', people: [{ recentlyActive: false }, {}] });
    const here = await ask(await say(bob, { text: '@here' }));
    expect(here).toMatchObject({
      wide: 'here',
      people: [{ recentlyActive: true }, { recentlyActive: true }],
    });
    await sql.query(
      `UPDATE chat.sessions SET last_seen_at = now() - interval '16 minutes' WHERE user_id = $1`,
      [ada?.id],
    );
    expect(await about(await say(bob, { text: '@here' }), ada)).toMatchObject({ recentlyActive: false });
  });

  it('names the members of a group that is called, and not of one that is disabled', async () => {
    const { body: group } = await as<{ id: string }>(ada, `POST /workspaces/${w}/groups`, {
      handle: 'ops',
      name: 'Operations',
    });
    await as(ada, `POST /workspaces/${w}/groups/${group.id}/members`, { userIds: [eve?.id] });
    const message = await say(bob, { text: `<@&${group.id}>` });
    expect(await ask(message)).toMatchObject({ people: [{ userId: eve?.id, named: false, grouped: true }] });
    await as(ada, `PATCH /workspaces/${w}/groups/${group.id}`, { disabled: true });
    expect(await told(message)).toEqual([]);
  });

  it('names who follows the thread, and its level', async () => {
    const root = await say(ada, { text: 'root' });
    await say(eve, { text: 'I follow', threadId: root.id });
    await as(eve, `PUT /messages/${root.id}/thread-preferences`, { level: 'mentions' });
    const message = await say(bob, { text: 'reply', threadId: root.id });
    expect(await told(message)).toEqual(ids(ada, eve));
    expect(await about(message, eve)).toMatchObject({ following: true, threadLevel: 'mentions' });
    await as(ada, `DELETE /messages/${root.id}/follow`);
    expect(await told(await say(bob, { text: 'more', threadId: root.id }))).not.toContain(ada?.id);
  });

  it('names who wants all of the channel, and those of the asked for who are in it', async () => {
    const message = await say(bob, { text: 'news' });
    await as(ada, `PATCH /channels/${c}/preferences`, { level: 'all' });
    expect(await told(message)).toEqual(ids(ada));
    await as(ada, `PATCH /channels/${c}/preferences`, { level: 'default' });
    expect(await told(message, { candidates: ids(eve, gus) })).toEqual(ids(eve));
    expect(await told(message, { listeners: ids(ada, gus, bob) })).toEqual(ids(ada));
  });

  it('names of an edit only those whom no wording called before', async () => {
    const { id } = await say(bob, { text: `<@${eve?.id}>` });
    await as(bob, `PATCH /messages/${id}`, { text: `<@${eve?.id}> and <@${ada?.id}>` });
    expect(await told({ id }, { edited: true })).toEqual(ids(ada));
    expect(await told({ id }, { edited: true, listeners: ids(eve) })).toEqual(ids(ada));
    expect(await told({ id })).toEqual(ids(ada, eve));
  });

  it('says nothing of a message that is gone', async () => {
    const message = await say(bob, { text: `<@${ada?.id}>` });
    await as(bob, `DELETE /messages/${message.id}`);
    expect(await ask(message)).toBeNull();
    expect(await ask({ id: uuidv7() })).toBeNull();
  });

  it('tells a large channel in pages, everyone once', async () => {
    const large = await chat.channel(ada as Person, w);
    const count = FACTS_PER_REPLY + 700;
    const many = Array.from({ length: count }, () => uuidv7());
    await sql.query(
      `INSERT INTO chat.users (id, kind, name, email, password_hash) SELECT id, 'user', 'Many', id || '@example.org', '' FROM unnest($1::uuid[]) AS t(id)`,
      [many],
    );
    await sql.query(
      `INSERT INTO chat.workspace_members (workspace_id, user_id, role, joined_at) SELECT $1, id, 'member', now() FROM unnest($2::uuid[]) AS t(id)`,
      [w, many],
    );
    await sql.query(
      `INSERT INTO chat.channel_members (channel_id, workspace_id, user_id, role, joined_at) SELECT $1, $2, id, 'member', now() FROM unnest($3::uuid[]) AS t(id)`,
      [large, w, many],
    );
    const [first, second] = [
      await say(ada, { text: '@channel' }, large),
      await say(ada, { text: '@channel' }, large),
    ];
    const heard = new Map<string, string[]>();
    let open = [first, second].map(({ id }) => ({
      messageId: id,
      edited: false,
      candidates: [],
      after: null as string | null,
    }));
    let replies = 0;
    while (open.length > 0) {
      const body = { messages: open, listeners: [] };
      const reply = await rpc.request<NotificationFactsReply>(rpcSubjects.notificationFacts, body);
      expect(reply.messages.flatMap((message) => message?.people ?? []).length).toBeLessThanOrEqual(
        FACTS_PER_REPLY,
      );
      reply.messages.forEach((message, at) => {
        const id = open[at]?.messageId ?? '';
        heard.set(id, [...(heard.get(id) ?? []), ...(message?.people ?? []).map(({ userId }) => userId)]);
      });
      open = open.flatMap((message, at) => {
        const next = reply.messages[at]?.next ?? null;
        return next === null ? [] : [{ ...message, after: next }];
      });
      replies++;
    }
    expect([...heard.values()].map((people) => people.sort())).toEqual([many.toSorted(), many.toSorted()]);
    expect(replies).toBeLessThanOrEqual(5);
  });
});
