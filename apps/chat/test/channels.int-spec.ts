import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  Bootstrap,
  Channel,
  ChannelMember,
  ListedChannel,
  MyChannel,
  Page,
  ParleyEvent,
} from '#contracts';
import { Client } from 'pg';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('the settings of a channel', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let cat: Person;
  let eve: Person;
  let w: string;
  let client: Client;
  beforeAll(async () => {
    chat = await RunningChat.start();
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    [ada, bob, cat, eve] = (await Promise.all(
      ['Ada', 'Bob', 'Cat', 'Eve'].map((name) => chat.person(name)),
    )) as [Person, Person, Person, Person];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, cat);
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });
  const sql = async (text: string, values: unknown[]) => (await client.query(text, values)).rows as unknown[];

  const as = <T>({ token }: Person, route: string, body?: unknown, headers = {}) =>
    chat.call<T>(route, { token, body, headers });
  const code = async (person: Person, route: string, body?: unknown) =>
    (await as(person, route, body)).body.code;
  const change = (person: Person, c: string, body: object, headers = {}) =>
    as<Channel>(person, `PATCH /channels/${c}`, body, headers);
  const get = async (person: Person, c: string) =>
    (await as<ListedChannel>(person, `GET /channels/${c}`)).body;
  const mine = async (person: Person, c: string) =>
    (await as<Bootstrap>(person, `GET /workspaces/${w}/bootstrap`)).body.channels.find(
      ({ channel }) => channel.id === c,
    );
  const members = async (person: Person, c: string) =>
    (await as<Page<ChannelMember>>(person, `GET /channels/${c}/members`)).body.data;
  const join = (person: Person, c: string) => as(person, `POST /channels/${c}/join`);
  const leave = (person: Person, c: string, who = person) =>
    as(person, `DELETE /channels/${c}/members/${who.id}`);
  const eventsOf = async (c: string, ...types: ParleyEvent['type'][]) =>
    (await chat.events(w)).filter((event) => event.channelId === c && types.includes(event.type));
  /** Bob's channel, in which Cat is an ordinary member; Ada owns the workspace. */
  const channel = async (kind: 'public' | 'private' = 'public') => {
    const c = await chat.channel(bob, w, kind);
    for (const { id } of [cat, ada]) await as(bob, `POST /channels/${c}/members`, { userId: id });
    return c;
  };

  it('changes by channel admins and workspace admins, and topic and description by every member', async () => {
    const c = await channel();
    const all = {
      name: newId.channel(),
      topic: 'T',
      description: 'D\n\nE',
      posting: 'admins',
      slowModeSeconds: 21600,
    };
    const { body } = await change(bob, c, all);
    expect(body).toMatchObject({ ...all, version: 2, kind: 'public', isDefault: false });
    expect((await change(ada, c, { posting: 'everyone', slowModeSeconds: 0 })).body.version).toBe(3);
    expect((await change(cat, c, { topic: 'Cat was here' })).body).toMatchObject({
      topic: 'Cat was here',
      version: 4,
    });
    for (const own of [
      { name: 'x' },
      { posting: 'admins' },
      { slowModeSeconds: 5 },
      { kind: 'private' },
      { topic: 'x', name: 'x' },
    ])
      expect((await change(cat, c, own)).body.code).toBe('permission.denied');
    await leave(cat, c);
    expect((await change(cat, c, { topic: 'from outside' })).body.code).toBe('permission.denied');
    expect((await change(eve, c, { topic: 'x' })).body.code).toBe('channel.not_found');
    // What is as it was is no change, and nobody is told of it.
    expect((await change(bob, c, { topic: 'Cat was here' })).body.version).toBe(4);
    await eventually(async () => {
      const events = await eventsOf(c, 'channel.updated');
      expect(events.map((event) => event.type === 'channel.updated' && event.data.channel.version)).toEqual([
        2, 3, 4,
      ]);
      expect(events.at(-1)?.data).toEqual({ channel: (await get(bob, c)).channel });
    });
  });

  it.each([
    [{ name: 'two words' }, '/name'],
    [{ name: 'x\u202ey' }, '/name'],
    [{ topic: 'a\u200bb' }, '/topic'],
    [{ topic: 'x'.repeat(251) }, '/topic'],
    [{ description: 'x'.repeat(2001) }, '/description'],
    [{ kind: 'public' }, '/kind'],
    [{ posting: 'nobody' }, '/posting'],
    [{ slowModeSeconds: 21601 }, '/slowModeSeconds'],
    [{ slowModeSeconds: 1.5 }, '/slowModeSeconds'],
    [{ archivedAt: null }, '/archivedAt'],
  ])('refuses %j', async (body, pointer) => {
    const c = await chat.channel(bob, w);
    expect((await change(bob, c, body)).body).toMatchObject({
      code: 'request.invalid',
      errors: [{ pointer }],
    });
  });

  it('tells who changes what somebody else has changed meanwhile', async () => {
    const c = await channel();
    const seen = await as<ListedChannel>(bob, `GET /channels/${c}`);
    expect(seen.headers['etag']).toBe('"1"');
    const at = { 'if-match': seen.headers['etag'] as string };
    const replies = await Promise.all([
      change(bob, c, { topic: 'B' }, at),
      change(ada, c, { topic: 'A' }, at),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(replies.find(({ status }) => status === 412)?.body.code).toBe('precondition.failed');
    expect(replies.find(({ status }) => status === 200)?.headers['etag']).toBe('"2"');
    expect((await get(bob, c)).channel.version).toBe(2);
    expect((await as(ada, `DELETE /channels/${c}`, undefined, at)).body.code).toBe('precondition.failed');
  });

  it('gives a name to one of those who want it at once', async () => {
    const [c, d] = [await channel(), await channel()];
    const name = newId.channel();
    const replies = await Promise.all([
      change(bob, c, { name }),
      change(bob, d, { name }),
      as(bob, `POST /workspaces/${w}/channels`, { name, kind: 'public' }),
    ]);
    expect(replies.filter(({ status }) => status < 300)).toHaveLength(1);
    for (const { status, body } of replies) if (status >= 300) expect(body.code).toBe('channel.name_taken');
    const free = replies[0].status === 200 ? d : c;
    expect((await change(bob, free, { topic: 'still mine', name: newId.channel() })).status).toBe(200);
  });

  it('archives: read, not changed; and takes out again', async () => {
    const c = await channel();
    await chat.send(bob, c, 'before');
    expect(await code(cat, `POST /channels/${c}/archive`)).toBe('permission.denied');
    expect(await code(eve, `POST /channels/${c}/archive`)).toBe('channel.not_found');
    const replies = await Promise.all(
      [bob, ada].map((person) => as<Channel>(person, `POST /channels/${c}/archive`)),
    );
    expect(replies.map(({ body }) => body.version)).toEqual([2, 2]);
    expect((await as<Page<unknown>>(cat, `GET /channels/${c}/messages`)).body.data).toHaveLength(1);
    expect((await chat.send(bob, c, 'after')).body.code).toBe('channel.archived');
    expect((await change(bob, c, { topic: 'x' })).body.code).toBe('channel.archived');
    expect(await code(bob, `PATCH /channels/${c}/members/${cat.id}`, { role: 'admin' })).toBe(
      'channel.archived',
    );
    expect(await code(bob, `POST /channels/${c}/members`, { userId: cat.id })).toBe('channel.archived');
    await leave(cat, c);
    expect((await join(cat, c)).body.code).toBe('channel.archived');
    expect((await as<Channel>(bob, `POST /channels/${c}/unarchive`)).body).toMatchObject({
      version: 3,
      archivedAt: null,
    });
    expect((await as<Channel>(bob, `POST /channels/${c}/unarchive`)).body.version).toBe(3);
    expect((await join(cat, c)).status).toBe(200);
    await eventually(async () => {
      const events = await eventsOf(c, 'channel.archived', 'channel.updated');
      expect(events.map(({ type }) => type)).toEqual(['channel.archived', 'channel.updated']);
    });
  });

  it('becomes private for good: who is not in it knows it no more', async () => {
    const c = await channel();
    await leave(cat, c);
    expect((await get(cat, c)).channel.kind).toBe('public');
    expect((await change(bob, c, { kind: 'private' })).body).toMatchObject({ kind: 'private', version: 2 });
    expect(await code(cat, `GET /channels/${c}`)).toBe('channel.not_found');
    expect(await code(cat, `POST /channels/${c}/join`)).toBe('channel.not_found');
    expect((await get(ada, c)).channel.kind).toBe('private');
    await eventually(async () => {
      const subjects = await subjectsOf(c);
      expect(subjects).toEqual([
        { type: 'channel.updated', scope: 'channel', id: c },
        { type: 'channel.hidden', scope: 'members', id: w },
      ]);
      const [hidden] = await eventsOf(c, 'channel.hidden');
      expect(hidden?.data).toEqual({ channelId: c, version: 2 });
    });
  });

  /** Settings' events by whom they were addressed to. */
  const subjectsOf = async (c: string) => {
    const { state } = await chat.bus.jsm.streams.info('EVENTS');
    const found: { type: string; scope: string; id: string }[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const message = await chat.bus.jsm.streams.getMessage('EVENTS', { seq });
      const event = message?.json<ParleyEvent>();
      const [, , , , scope, id] = message?.subject.split('.') ?? [];
      if (event?.channelId === c && /^channel\.(updated|archived|hidden|deleted)$/.test(event.type))
        found.push({ type: event.type, scope: scope ?? '', id: id ?? '' });
    }
    return found;
  };

  it('somebody joining a channel that becomes private at that moment is in it or does not see it', async () => {
    for (let round = 0; round < 5; round++) {
      const c = await chat.channel(bob, w);
      const [joined] = await Promise.all([join(cat, c), change(bob, c, { kind: 'private' })]);
      const seen = (await as(cat, `GET /channels/${c}`)).status;
      expect(seen).toBe(joined.status === 200 ? 200 : 404);
      expect((await members(bob, c)).some(({ user }) => user.id === cat.id)).toBe(joined.status === 200);
    }
  });

  it('takes newcomers into default channels, of which one has to stay', async () => {
    const { body } = await as<Page<ListedChannel>>(ada, `GET /workspaces/${w}/channels?q=general`);
    const general = body.data[0]?.channel.id as string;
    const c = await channel();
    expect((await change(bob, c, { isDefault: true })).body.code).toBe('permission.denied');
    expect((await change(ada, c, { isDefault: true })).body.isDefault).toBe(true);
    const zed = await chat.person('Zed');
    await chat.invite(ada, w, zed);
    expect((await mine(zed, c))?.channel.isDefault).toBe(true);
    expect((await change(ada, c, { kind: 'private' })).body.code).toBe('channel.is_default');
    expect(await code(ada, `POST /channels/${c}/archive`)).toBe('channel.is_default');
    expect(await code(ada, `DELETE /channels/${c}`)).toBe('channel.is_default');
    const hidden = await channel('private');
    expect((await change(ada, hidden, { isDefault: true })).body.code).toBe('channel.is_default');
    const replies = await Promise.all([c, general].map((id) => change(ada, id, { isDefault: false })));
    expect(replies.map(({ body: reply }) => reply.code ?? 'ok').sort()).toEqual([
      'channel.last_default',
      'ok',
    ]);
    const left = replies[0]?.body.code ? c : general;
    if (left === c) {
      await change(ada, general, { isDefault: true });
      await change(ada, c, { isDefault: false });
    }
    expect((await get(ada, general)).channel.isDefault).toBe(true);
  });

  it('is deleted by admins of the workspace with all that was said in it', async () => {
    const c = await channel();
    const { body: message } = await chat.send(bob, c, 'soon gone: xylophone');
    await chat.send(cat, c, 'me too');
    // More than one step of the job, and replies that the channel itself doesn't show.
    await sql(
      `INSERT INTO chat.messages (id, workspace_id, channel_id, seq, ordinal, in_channel, thread_id, sender_id, client_message_id, text, created_at)
       SELECT gen_random_uuid(), $1, $2, 100 + n, CASE WHEN n % 9 > 0 THEN 100 + n END, n % 9 > 0,
         CASE WHEN n % 9 = 0 THEN $3::uuid END, $4, gen_random_uuid(), 'text', now()
       FROM generate_series(1, 600) n`,
      [w, c, message.id, bob.id],
    );
    expect(await code(bob, `DELETE /channels/${c}`)).toBe('permission.denied');
    expect(await code(eve, `DELETE /channels/${c}`)).toBe('channel.not_found');
    const replies = await Promise.all([1, 2].map(() => as(ada, `DELETE /channels/${c}`)));
    expect(replies.map(({ status }) => status).sort()).toEqual([204, 404]);
    for (const route of [`GET /channels/${c}`, `GET /channels/${c}/messages`, `GET /messages/${message.id}`])
      expect((await as(bob, route)).status).toBe(404);
    expect((await chat.send(bob, c, 'too late')).body.code).toBe('channel.not_found');
    expect(await mine(bob, c)).toBeUndefined();
    await eventually(async () => {
      expect((await eventsOf(c, 'channel.deleted')).map(({ data }) => data)).toEqual([{ channelId: c }]);
      const rows = await sql('SELECT 1 FROM chat.messages WHERE channel_id = $1', [c]);
      expect(rows).toHaveLength(0);
    });
    expect(
      (await as(bob, `POST /workspaces/${w}/channels`, { name: newId.channel(), kind: 'public' })).status,
    ).toBe(201);
  });

  it('direct conversations have no such settings', async () => {
    const { body } = await as<MyChannel>(ada, `POST /workspaces/${w}/dms`, { userIds: [bob.id] });
    const c = body.channel.id;
    expect((await change(ada, c, { topic: 'x' })).body.code).toBe('channel.direct_unsupported');
    for (const route of [
      `POST /channels/${c}/archive`,
      `POST /channels/${c}/unarchive`,
      `DELETE /channels/${c}`,
    ])
      expect(await code(ada, route)).toBe('channel.direct_unsupported');
    expect(await code(ada, `PATCH /channels/${c}/members/${bob.id}`, { role: 'admin' })).toBe(
      'channel.direct_unsupported',
    );
  });

  it('guests change nothing and bring nobody', async () => {
    const c = await channel();
    const guest = await chat.person('Gus');
    await chat.invite(ada, w, guest);
    await as(bob, `POST /channels/${c}/members`, { userId: guest.id });
    await sql(`UPDATE chat.workspace_members SET role = 'guest' WHERE user_id = $1`, [guest.id]);
    expect((await change(guest, c, { topic: 'x' })).body.code).toBe('permission.denied');
    expect(await code(guest, `POST /channels/${c}/members`, { userId: eve.id })).toBe('permission.denied');
    expect(await code(bob, `PATCH /channels/${c}/members/${guest.id}`, { role: 'admin' })).toBe(
      'channel.admin_ineligible',
    );
    await change(bob, c, { topic: 'for guests too' });
    await eventually(async () =>
      expect((await subjectsOf(c)).map(({ scope }) => scope).sort()).toEqual(['channel', 'members']),
    );
    // A guest who is the only one left does not get the channel.
    for (const who of [ada, cat, bob]) await leave(who, c);
    expect((await mine(guest, c))?.role).toBe('member');
  });
});
