import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bootstrap, ChannelMember, Page, ParleyEvent } from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('the members of a channel', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let cat: Person;
  let eve: Person;
  let w: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob, cat, eve] = (await Promise.all(
      ['Ada', 'Bob', 'Cat', 'Eve'].map((name) => chat.person(name)),
    )) as [Person, Person, Person, Person];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, cat);
  });
  afterAll(() => chat.stop());

  const as = <T>({ token }: Person, route: string, body?: unknown) => chat.call<T>(route, { token, body });
  const code = async (person: Person, route: string, body?: unknown) =>
    (await as(person, route, body)).body.code;
  const mine = async (person: Person, c: string) =>
    (await as<Bootstrap>(person, `GET /workspaces/${w}/bootstrap`)).body.channels.find(
      ({ channel }) => channel.id === c,
    );
  const members = async (person: Person, c: string) =>
    (await as<Page<ChannelMember>>(person, `GET /channels/${c}/members`)).body.data;
  const admins = async (person: Person, c: string) =>
    (await members(person, c)).filter(({ role }) => role === 'admin').map(({ user }) => user.id);
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

  it('adds several people at once, all or none, and leaves who is in as they are', async () => {
    const c = await chat.channel(bob, w, 'private');
    await chat.send(bob, c, 'before');
    const add = (userIds: string[], person = bob) =>
      as<Page<ChannelMember>>(person, `POST /channels/${c}/members/batch`, { userIds });
    const refused = await add([cat.id, eve.id]);
    expect(refused.body).toMatchObject({ code: 'member.not_found', errors: [{ pointer: '/userIds/1' }] });
    expect(await members(bob, c)).toHaveLength(1);
    const { body } = await add([cat.id, bob.id, cat.id, ada.id]);
    expect(body.data.map(({ user, role }) => [user.name, role])).toEqual([
      ['Cat', 'member'],
      ['Bob', 'admin'],
      ['Ada', 'member'],
    ]);
    expect(await mine(cat, c)).toMatchObject({ lastReadSeq: 1, lastReadOrdinal: 1, channel: { lastSeq: 1 } });
    await add([cat.id]);
    await eventually(async () => expect(await eventsOf(c, 'member.joined')).toHaveLength(2));
    expect((await add([newId.user()], eve)).body.code).toBe('channel.not_found');
    expect((await add([])).body.errors?.[0]?.pointer).toBe('/userIds');
    expect((await add(Array.from({ length: 101 }, () => newId.user()))).body.errors?.[0]?.pointer).toBe(
      '/userIds',
    );
  });

  it('makes admins and takes it back, never the last one', async () => {
    const c = await channel();
    const role = (person: Person, who: Person, to: string) =>
      as<ChannelMember>(person, `PATCH /channels/${c}/members/${who.id}`, { role: to });
    expect((await role(cat, cat, 'admin')).body.code).toBe('permission.denied');
    expect((await role(bob, cat, 'admin')).body).toMatchObject({ role: 'admin', roleVersion: 2 });
    expect((await role(bob, cat, 'admin')).body.roleVersion).toBe(2);
    expect(await mine(cat, c)).toMatchObject({ role: 'admin', roleVersion: 2 });
    expect((await role(bob, eve, 'admin')).body.code).toBe('member.not_found');
    const { body: all } = await as<Bootstrap>(ada, `GET /workspaces/${w}/bootstrap`);
    const bot = all.members.find(({ role: of }) => of === 'bot')?.user as { id: string };
    await as(bob, `POST /channels/${c}/members`, { userId: bot.id });
    expect(await code(bob, `PATCH /channels/${c}/members/${bot.id}`, { role: 'admin' })).toBe(
      'channel.admin_ineligible',
    );
    // Both take it from each other at the same moment: one stays.
    const replies = await Promise.all([role(bob, cat, 'member'), role(cat, bob, 'member')]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, expect.any(Number)]);
    const refused = replies.find(({ status }) => status !== 200)?.body.code;
    expect(['channel.last_admin', 'permission.denied']).toContain(refused);
    expect(await admins(ada, c)).toHaveLength(1);
    await eventually(async () => {
      const events = await eventsOf(c, 'channel_member.updated');
      expect(events).toHaveLength(2);
      expect(events[0]?.data).toMatchObject({
        channelId: c,
        member: { user: { id: cat.id }, role: 'admin', roleVersion: 2 },
      });
    });
  });

  it('hands a channel over to whoever is in it longest when its last admin leaves', async () => {
    const c = await channel();
    await leave(bob, c);
    expect(await admins(ada, c)).toEqual([cat.id]);
    await leave(ada, c, cat);
    expect(await admins(ada, c)).toEqual([ada.id]);
    await leave(ada, c);
    expect(await members(ada, c)).toEqual([]);
    await eventually(async () => expect(await eventsOf(c, 'channel_member.updated')).toHaveLength(2));
  });

  it('has an admin after all its admins leave at once', async () => {
    const c = await channel();
    for (const who of [cat, ada]) await as(bob, `PATCH /channels/${c}/members/${who.id}`, { role: 'admin' });
    const zed = await chat.person('Zed');
    await chat.invite(ada, w, zed);
    await as(bob, `POST /channels/${c}/members`, { userId: zed.id });
    await Promise.all([bob, cat, ada].map((person) => leave(person, c)));
    expect(await admins(zed, c)).toEqual([zed.id]);
  });

  it('hands a channel over when its last admin leaves the workspace, private ones too', async () => {
    const zed = await chat.person('Zed');
    await chat.invite(ada, w, zed);
    const c = await chat.channel(zed, w, 'private');
    for (const { id } of [cat, bob]) await as(zed, `POST /channels/${c}/members`, { userId: id });
    const shared = await chat.channel(zed, w);
    await as(zed, `POST /channels/${shared}/members`, { userId: bob.id });
    await as(zed, `PATCH /channels/${shared}/members/${bob.id}`, { role: 'admin' });
    expect((await as(ada, `DELETE /workspaces/${w}/members/${zed.id}`)).status).toBe(204);
    expect(await admins(cat, c)).toEqual([cat.id]);
    expect(await admins(bob, shared)).toEqual([bob.id]);
    await eventually(async () => {
      const [event] = await eventsOf(c, 'channel_member.updated');
      expect(event?.data).toMatchObject({ member: { user: { id: cat.id }, role: 'admin' } });
    });
  });

  describe('when nobody is left in it', () => {
    const archived = async (c: string) =>
      (await eventsOf(c, 'channel.archived')).map(({ actorId, data }) => [actorId, data]);
    const newcomer = async () => {
      const zed = await chat.person('Zed');
      await chat.invite(ada, w, zed);
      return zed;
    };

    it('is archived if it is private, once and for nobody to see, and open if it is public', async () => {
      const [open, secret] = [await channel('public'), await channel('private')];
      for (const c of [open, secret]) await Promise.all([bob, cat].map((person) => leave(person, c)));
      expect((await mine(ada, secret))?.channel.archivedAt).toBeNull();
      for (const c of [open, secret]) expect((await leave(ada, c)).status).toBe(204);
      await eventually(async () =>
        expect(await archived(secret)).toEqual([
          [ada.id, { channel: expect.objectContaining({ id: secret, archivedAt: expect.any(String) }) }],
        ]),
      );
      expect(await code(ada, `GET /channels/${secret}`)).toBe('channel.not_found');
      expect(await code(bob, `POST /channels/${secret}/unarchive`)).toBe('channel.not_found');
      const subjects = (await chat.subjects(w)).filter((subject) => subject.includes('channel.archived'));
      expect(subjects).toContain(`channel.${secret}.channel.archived`);
      expect((await as(ada, `POST /channels/${open}/join`)).status).toBe(200);
      expect(await archived(open)).toEqual([]);
    });

    it('is archived once by the two who leave it at the same moment, and not again if it was', async () => {
      const c = await chat.channel(bob, w, 'private');
      await as(bob, `POST /channels/${c}/members`, { userId: cat.id });
      await Promise.all([leave(bob, c), leave(cat, c)]);
      await eventually(async () => expect(await archived(c)).toHaveLength(1));
      const old = await chat.channel(bob, w, 'private');
      await as(bob, `POST /channels/${old}/archive`);
      expect((await leave(bob, old)).status).toBe(204);
      await eventually(async () => expect(await eventsOf(old, 'member.left')).toHaveLength(1));
      expect(await archived(old)).toHaveLength(1);
    });

    it('is archived though a guest was the last one, and not while they are there', async () => {
      const zed = await newcomer();
      const c = await chat.channel(bob, w, 'private');
      await as(bob, `POST /channels/${c}/members`, { userId: zed.id });
      await as(ada, `PATCH /workspaces/${w}/members/${zed.id}`, { role: 'guest' });
      await leave(bob, c);
      expect((await chat.send(zed, c, 'alone')).status).toBe(201);
      expect((await leave(zed, c)).status).toBe(204);
      await eventually(async () => expect(await archived(c)).toHaveLength(1));
    });

    it('is archived when its last person goes from the workspace, and theirs again when they come back', async () => {
      const zed = await newcomer();
      const c = await chat.channel(zed, w, 'private');
      const shared = await chat.channel(zed, w, 'private');
      await as(zed, `POST /channels/${shared}/members`, { userId: bob.id });
      expect((await as(ada, `POST /workspaces/${w}/members/${zed.id}/deactivate`)).status).toBe(200);
      await eventually(async () => expect(await archived(c)).toMatchObject([[ada.id, {}]]));
      expect((await mine(bob, shared))?.channel.archivedAt).toBeNull();
      await as(ada, `POST /workspaces/${w}/members/${zed.id}/reactivate`);
      expect((await mine(zed, c))?.channel.archivedAt).toEqual(expect.any(String));
      expect((await as(zed, `POST /channels/${c}/unarchive`)).status).toBe(200);
      expect((await chat.send(zed, c, 'back')).status).toBe(201);
    });
  });

  it('has a higher version after each change, whichever process makes it', async () => {
    const c = await channel();
    const second = await chat.second();
    const elsewhere = (method: 'POST' | 'DELETE', path: string, payload?: object) =>
      second.inject({
        method,
        url: `/api/v1/channels/${c}/members${path}`,
        headers: { authorization: `Bearer ${bob.token}` },
        ...(payload ? { payload } : {}),
      });
    for (let times = 0; times < 3; times++) {
      await leave(bob, c, cat);
      await elsewhere('POST', '', { userId: cat.id });
      await elsewhere('DELETE', `/${cat.id}`);
      await as(bob, `POST /channels/${c}/members`, { userId: cat.id });
    }
    await chat.published();
    const changes = (await eventsOf(c, 'member.joined', 'member.left')) as (ParleyEvent & {
      type: 'member.joined' | 'member.left';
    })[];
    const ofCat = changes
      .filter(({ data }) => ('user' in data ? data.user.id : data.userId) === cat.id)
      .sort((a, b) => (a.data.version ?? 0) - (b.data.version ?? 0));
    expect(new Set(ofCat.map(({ data }) => data.version)).size).toBe(13);
    const kinds = ofCat.map(({ type }) => type);
    expect(kinds).toEqual(kinds.map((_, index) => (index % 2 === 0 ? 'member.joined' : 'member.left')));
  });

  it('lets admins remove people, also those of the workspace who are not in the channel; members do not', async () => {
    const c = await channel();
    await leave(ada, c);
    expect((await leave(cat, c, bob)).body.code).toBe('permission.denied');
    expect((await leave(ada, c, cat)).status).toBe(204);
    expect((await leave(cat, c)).body.code).toBe('channel.not_member');
    expect((await leave(ada, c, cat)).body.code).toBe('member.not_found');
  });

  it('pages members by how long they are in it', async () => {
    const c = await channel();
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await as<Page<ChannelMember>>(bob, `GET /channels/${c}/members?limit=1${cursor}`);
      seen.push(...body.data.map(({ user }) => user.id));
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    } while (cursor);
    expect(seen[0]).toBe(bob.id);
    expect(new Set(seen)).toEqual(new Set([ada.id, bob.id, cat.id]));
    const wrong = await as(bob, `GET /channels/${c}/members?cursor=WyJhIiwiYiJd`);
    expect(wrong.body.errors?.[0]?.pointer).toBe('/query/cursor');
  });
});
