import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { MAX_EMOJI_PER_MESSAGE, type CustomEmoji, type Message, type ReactorPage } from '#contracts';
import { Clock } from '#core';
import { eventually, newId } from '#testing';
import { gemoji } from 'gemoji';
import { upload } from './pictures.js';
import { RunningChat, type Person } from './running-chat.js';

describe('reactions', () => {
  let chat: RunningChat;
  let client: Client;
  let ada: Person;
  let bob: Person;
  let gus: Person;
  let eve: Person;
  let w: string;
  let c: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    [ada, bob, gus, eve] = [
      await chat.person('Ada'),
      await chat.person('Bob'),
      await chat.person('Gus'),
      await chat.person('Eve'),
    ];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, gus);
    c = await chat.channel(ada, w);
    for (const person of [bob, gus]) await join(person, c);
    await client.query(`UPDATE chat.workspace_members SET role = 'guest' WHERE user_id = $1`, [gus.id]);
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });

  const join = (person: Person, channelId: string) =>
    chat.call(`POST /channels/${channelId}/join`, { token: person.token });
  const say = async (channelId = c) => (await chat.send(ada, channelId, 'well done')).body;
  const react = (person: Person, message: { id: string }, emoji: string, app = chat.app) =>
    chat.call<Message>(
      `PUT /messages/${message.id}/reactions/${encodeURIComponent(emoji)}`,
      { token: person.token },
      app,
    );
  const takeBack = (person: Person, message: { id: string }, emoji: string) =>
    chat.call(`DELETE /messages/${message.id}/reactions/${encodeURIComponent(emoji)}`, {
      token: person.token,
    });
  const who = async (message: { id: string }, query = '', person = ada) =>
    (await chat.call<ReactorPage>(`GET /messages/${message.id}/reactions${query}`, { token: person.token }))
      .body;
  const read = async (message: { id: string }) =>
    (await chat.call<Message>(`GET /messages/${message.id}`, { token: ada.token })).body;
  const eventsOf = async (message: { id: string }) =>
    (await chat.events(w)).flatMap((event) =>
      (event.type === 'reaction.added' || event.type === 'reaction.removed') &&
      event.data.message.id === message.id
        ? [event]
        : [],
    );

  it('are counted by emoji, in the order in which they came, with names', async () => {
    const message = await say();
    await react(bob, message, '🎉');
    await react(ada, message, '👍🏽');
    const { status, body } = await react(gus, message, '🎉');
    expect(status).toBe(200);
    expect(body.reactions).toEqual([
      { emoji: '🎉', count: 2, userIds: [bob.id, gus.id] },
      { emoji: '👍🏽', count: 1, userIds: [ada.id] },
    ]);
    expect(await read(message)).toEqual(body);
    const names = (page: ReactorPage) => page.data.map(({ emoji, user }) => `${emoji} ${user.name}`);
    expect(names(await who(message))).toEqual(['🎉 Bob', '👍🏽 Ada', '🎉 Gus']);
    const first = await who(message, '?limit=2');
    expect(names(await who(message, `?limit=2&cursor=${first.nextCursor}`))).toEqual(['🎉 Gus']);
    expect(names(await who(message, `?emoji=${encodeURIComponent('🎉')}`))).toEqual(['🎉 Bob', '🎉 Gus']);
  });

  it('are one for each person and emoji, and tell the channel the whole message each time', async () => {
    const message = await say();
    const once = await react(bob, message, '❤️');
    const twice = await react(bob, message, '\u2764');
    expect(twice.body).toEqual(once.body);
    expect((await takeBack(bob, message, '❤️')).status).toBe(204);
    expect((await takeBack(bob, message, '❤️')).status).toBe(204);
    expect((await read(message)).reactions).toBeUndefined();
    await eventually(async () => expect(await eventsOf(message)).toHaveLength(2));
    const [added, removed] = await eventsOf(message);
    expect(added).toMatchObject({
      type: 'reaction.added',
      actorId: bob.id,
      channelId: c,
      data: { emoji: '❤️', userId: bob.id, message: once.body },
    });
    expect(removed).toMatchObject({ type: 'reaction.removed', data: { message: await read(message) } });
    expect(removed?.data.message.version).toBe(3);
  });

  it('are of the time that the clock shows', async () => {
    const message = await say();
    const clock = chat.app.get(Clock);
    const later = new Date(Date.now() + 3_600_000);
    clock.now = () => later;
    try {
      await react(bob, message, '👍');
    } finally {
      Reflect.deleteProperty(clock, 'now');
    }
    expect((await who(message)).data.map(({ reactedAt }) => reactedAt)).toEqual([later.toISOString()]);
    await eventually(async () =>
      expect((await eventsOf(message)).map(({ time }) => time)).toEqual([later.toISOString()]),
    );
  });

  it('keep the count right when many react at once, on two processes', async () => {
    const second = await chat.second();
    const message = await say();
    const crowd = await Promise.all(Array.from({ length: 24 }, (_, n) => chat.person(`P${n}`)));
    await chat.invite(ada, w, ...crowd);
    await Promise.all(crowd.map((person) => join(person, c)));
    await Promise.all(
      crowd.flatMap((person, n) => [
        react(person, message, '👍', n % 2 ? second : chat.app),
        react(person, message, '👍', n % 2 ? chat.app : second),
      ]),
    );
    const [reaction] = (await read(message)).reactions ?? [];
    expect(reaction).toMatchObject({ emoji: '👍', count: 24 });
    expect(reaction?.userIds).toHaveLength(20);
    expect((await read(message)).version).toBe(25);
    const everyone = await who(message, '?limit=200');
    expect(new Set(everyone.data.map(({ user }) => user.id))).toEqual(new Set(crowd.map(({ id }) => id)));
    await eventually(async () => expect(await eventsOf(message)).toHaveLength(24));
    const versions = (await eventsOf(message)).map((event) => event.data.message.version);
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, n) => n + 2));
  });

  it('are of at most fifty kinds, and no two people add the last one', async () => {
    const message = await say();
    const emoji = gemoji.slice(0, MAX_EMOJI_PER_MESSAGE + 1).map((one) => one.emoji);
    for (const one of emoji.slice(0, MAX_EMOJI_PER_MESSAGE - 1)) await react(ada, message, one);
    const last = emoji.slice(-2);
    const replies = await Promise.all(
      [ada, bob].map((person, n) => react(person, message, last[n] as string)),
    );
    expect(replies.map(({ body }) => body.code ?? 'ok').sort()).toEqual(['ok', 'reaction.too_many']);
    expect((await react(bob, message, emoji[0] as string)).status).toBe(200);
    expect((await read(message)).reactions).toHaveLength(MAX_EMOJI_PER_MESSAGE);
  });

  it('may be of the emoji of the workspace, and outlive them by name', async () => {
    const message = await say();
    expect((await react(bob, message, ':ship_it:')).body.code).toBe('emoji.not_found');
    const { body: image } = await upload(chat, bob);
    const { body: emoji } = await chat.call<CustomEmoji>(`POST /workspaces/${w}/emoji`, {
      body: { name: 'ship_it', imageId: image.id },
      token: bob.token,
    });
    expect((await react(bob, message, ':ship_it:')).status).toBe(200);
    await chat.call(`DELETE /workspaces/${w}/emoji/${emoji.id}`, { token: bob.token });
    expect((await read(message)).reactions).toEqual([{ emoji: ':ship_it:', count: 1, userIds: [bob.id] }]);
    expect((await react(ada, message, ':ship_it:')).body.reactions?.[0]?.count).toBe(2);
    expect((await react(ada, await say(), ':ship_it:')).body.code).toBe('emoji.not_found');
    await Promise.all([ada, bob].map((person) => takeBack(person, message, ':ship_it:')));
    expect((await read(message)).reactions).toBeUndefined();
  });

  it.each(['x', '👍👍', '👨\u200D'.repeat(40), ':no:p:', '\u202E👍'])('are not %j', async (emoji) => {
    const reply = await react(ada, await say(), emoji);
    expect([reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual(['request.invalid', '/path/emoji']);
  });

  it('are given by members of the channel only, and hidden from strangers', async () => {
    const message = await say();
    expect((await react(eve, message, '👍')).body.code).toBe('message.not_found');
    expect((await takeBack(eve, message, '👍')).body.code).toBe('message.not_found');
    expect((await chat.call(`GET /messages/${message.id}/reactions`, { token: eve.token })).body.code).toBe(
      'message.not_found',
    );
    const elsewhere = await say(await chat.channel(ada, w));
    expect((await react(bob, elsewhere, '👍')).body.code).toBe('channel.not_member');
    expect((await react(gus, elsewhere, '👍')).body.code).toBe('message.not_found');
    expect((await react(ada, { id: newId.message() }, '👍')).body.code).toBe('message.not_found');
  });

  it('end with their message, and stop when the channel is archived', async () => {
    const room = await chat.channel(ada, w);
    const [gone, kept] = [await say(room), await say(room)];
    await react(ada, gone, '👍');
    await react(ada, kept, '👍');
    await chat.call(`DELETE /messages/${gone.id}`, { token: ada.token });
    expect((await read(gone)).reactions).toBeUndefined();
    expect((await who(gone)).data).toEqual([]);
    expect((await react(ada, gone, '👍')).body.code).toBe('message.deleted');
    expect((await takeBack(ada, gone, '👍')).body.code).toBe('message.deleted');
    await client.query(`UPDATE chat.channels SET archived_at = now() WHERE id = $1`, [room]);
    expect((await react(ada, kept, '🎉')).body.code).toBe('channel.archived');
    expect((await takeBack(ada, kept, '👍')).body.code).toBe('channel.archived');
    expect((await read(kept)).reactions).toHaveLength(1);
  });

  it('are listed by index, however many there are', async () => {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT * FROM chat.reactions r WHERE r.message_id = $1
       AND (r.created_at, r.emoji, r.user_id) > ('2026-01-01'::timestamptz, '', '${newId.user()}')
       ORDER BY r.created_at, r.emoji, r.user_id LIMIT 50`.replace('$1', `'${newId.message()}'`),
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('reactions_by_time');
    expect(plan).not.toContain('Sort');
  });
});
