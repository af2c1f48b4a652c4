import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Bootstrap, ListedChannel, Member, MyChannel, Page } from '#contracts';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('guests', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let gus: Person;
  let solo: Person;
  let w: string;
  let shared: string;
  let open: string;
  const call = <T = unknown>(person: Person, route: string, body?: unknown) =>
    chat.call<T>(route, { token: person.token, ...(body === undefined ? {} : { body }) });
  const add = (by: Person, channelId: string, who: Person) =>
    call(by, `POST /channels/${channelId}/members`, { userId: who.id });

  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob, gus, solo] = [
      await chat.person('Ada'),
      await chat.person('Bob'),
      await chat.person('Gus'),
      await chat.person('Solo'),
    ];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, gus, solo);
    const client = new Client({ connectionString: chat.database.url });
    await client.connect();
    for (const [person, role] of [
      [gus, 'guest'],
      [solo, 'single_channel_guest'],
    ] as const) {
      await client.query('UPDATE chat.workspace_members SET role = $2 WHERE user_id = $1', [person.id, role]);
      await client.query('DELETE FROM chat.channel_members WHERE user_id = $1', [person.id]);
    }
    await client.end();
    shared = await chat.channel(ada, w);
    open = await chat.channel(ada, w);
    await add(ada, shared, gus);
    await chat.send(ada, shared, 'hello guest zebra');
    await chat.send(ada, open, 'not for guests zebra');
  });
  afterAll(() => chat.stop());

  it('see only the channels they are in, public ones too; members see all public ones', async () => {
    const listed = async (person: Person) =>
      (await call<Page<ListedChannel>>(person, `GET /workspaces/${w}/channels`)).body.data.map(
        ({ channel }) => channel.id,
      );
    expect(await listed(gus)).toEqual([shared]);
    expect(await listed(bob)).toEqual(expect.arrayContaining([shared, open]));
    for (const route of [
      `GET /channels/${open}`,
      `POST /channels/${open}/join`,
      `GET /channels/${open}/messages`,
      `GET /channels/${open}/members`,
    ]) {
      expect((await call(gus, route)).body.code).toBe('channel.not_found');
      expect((await call(bob, route)).status).toBe(200);
    }
    expect((await call(gus, `GET /channels/${shared}/messages`)).status).toBe(200);
    await call(bob, `DELETE /channels/${open}/members/${bob.id}`);
  });

  it('find only what was said in their channels', async () => {
    const found = async (person: Person) =>
      (
        await call<Page<{ message: { channelId: string } }>>(person, `GET /workspaces/${w}/search?q=zebra`)
      ).body.data.map(({ message }) => message.channelId);
    await eventually(async () => expect((await found(bob)).sort()).toEqual([shared, open].sort()));
    expect(await found(gus)).toEqual([shared]);
    expect(await found(solo)).toEqual([]);
  });

  it('know only the people they share a channel with', async () => {
    const known = async (person: Person) =>
      (await call<Page<Member>>(person, `GET /workspaces/${w}/members`)).body.data.map(
        ({ user }) => user.name,
      );
    expect(await known(gus)).toEqual(['Ada', 'Gus']);
    expect(await known(solo)).toEqual(['Solo']);
    expect(await known(bob)).toEqual(['Ada', 'Bob', 'Gus', 'Parley', 'Solo']);
    const state = (await call<Bootstrap>(gus, `GET /workspaces/${w}/bootstrap`)).body;
    expect(state.members.map(({ user }) => user.name)).toEqual(['Ada', 'Gus']);
    expect(state.channels.map(({ channel }) => channel.id)).toEqual([shared]);
  });

  it('talk directly to whom they know, and to nobody else', async () => {
    const direct = (from: Person, to: Person) =>
      call<MyChannel>(from, `POST /workspaces/${w}/dms`, { userIds: [to.id] });
    expect((await direct(gus, bob)).body.code).toBe('member.not_found');
    expect((await direct(gus, ada)).status).toBe(200);
    expect((await direct(bob, gus)).status).toBe(200);
    // A conversation is a channel that is shared.
    expect((await direct(gus, bob)).status).toBe(200);
  });

  it('make no channels or invites, and add nobody', async () => {
    expect(
      (await call(gus, `POST /workspaces/${w}/channels`, { name: 'x', kind: 'private' })).body.code,
    ).toBe('permission.denied');
    expect((await call(gus, `POST /workspaces/${w}/invites`, {})).body.code).toBe('permission.denied');
    expect((await add(gus, shared, bob)).body.code).toBe('permission.denied');
    expect((await add(ada, shared, bob)).status).toBe(201);
  });

  it('of a single channel are in one, though two are added to at once', async () => {
    const rooms = await Promise.all([1, 2, 3, 4].map(() => chat.channel(ada, w)));
    const replies = await Promise.all(rooms.map((room) => add(ada, room, solo)));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(replies.filter(({ status }) => status === 409).map(({ body }) => body.code)).toEqual(
      Array(3).fill('member.single_channel'),
    );
    const mine = (await call<Bootstrap>(solo, `GET /workspaces/${w}/bootstrap`)).body.channels;
    expect(mine).toHaveLength(1);
    expect((await add(ada, mine[0]?.channel.id as string, solo)).status).toBe(201);
    expect((await call(ada, `POST /workspaces/${w}/dms`, { userIds: [solo.id] })).status).toBe(200);
    // Other guests may be in several.
    expect((await add(ada, rooms[0] as string, gus)).status).toBe(201);
  });

  it('are not told of public channels and of people who join; members are', async () => {
    const late = await chat.person('Late');
    const c = await chat.channel(ada, w);
    await chat.invite(ada, w, late);
    await eventually(async () => {
      const subjects = await chat.subjects(w);
      expect(subjects).toContain(`members.${w}.channel.created`);
      expect(subjects).toContain(`members.${w}.member.joined`);
      expect(subjects.filter((subject) => subject.startsWith('workspace.'))).toEqual([]);
    });
    expect((await call(gus, `GET /channels/${c}`)).body.code).toBe('channel.not_found');
  });
});
