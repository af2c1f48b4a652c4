import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Image, Me, Member, Page, ParleyEvent, Preferences, User } from '#contracts';
import { Clock } from '#core';
import { eventually } from '#testing';
import { png, upload } from './pictures.js';
import { RunningChat, type Person } from './running-chat.js';

describe('profiles', () => {
  let chat: RunningChat;
  let database: Client;
  let [ada, bob, eve, guest]: Person[] = [];
  let workspaceId: string;
  let shared: string;

  beforeAll(async () => {
    chat = await RunningChat.start();
    database = new Client({ connectionString: chat.database.url });
    await database.connect();
    [ada, bob, eve, guest] = await Promise.all(['Ada', 'Bob', 'Eve', 'Gil'].map((name) => chat.person(name)));
    workspaceId = (await chat.workspace(ada as Person)).id;
    await chat.invite(ada as Person, workspaceId, bob as Person, guest as Person);
    shared = await chat.channel(ada as Person, workspaceId, 'private');
    await chat.call(`POST /channels/${shared}/members`, { token: ada?.token, body: { userId: guest?.id } });
    // Roles are given out elsewhere; this is about what a guest is told.
    await database.query(
      `UPDATE chat.workspace_members SET role = 'guest' WHERE workspace_id = $1 AND user_id = $2`,
      [workspaceId, guest?.id],
    );
    await database.query(`DELETE FROM chat.channel_members WHERE user_id = $1 AND channel_id <> $2`, [
      guest?.id,
      shared,
    ]);
  });
  afterAll(async () => {
    await database.end();
    await chat.stop();
  });

  const patch = (person: Person | undefined, body: object) =>
    chat.call<Me>('PATCH /me', { token: person?.token, body });
  const user = (asker: Person | undefined, id: string | undefined) =>
    chat.call<User>(`GET /users/${id}`, { token: asker?.token });
  const told = async (type: ParleyEvent['type'], after: number) =>
    (await chat.events()).slice(after).filter((event) => event.type === type);
  const passTime = (ms: number) => {
    const clock = chat.app.get(Clock);
    const shifted = Date.now() + ms;
    clock.now = () => new Date(shifted);
    return () => Reflect.deleteProperty(clock, 'now');
  };

  it('say what people want to say of themselves, and keep what is not named', async () => {
    const profile = { title: 'Analyst', pronouns: 'she/her', timeZone: 'Europe/London', locale: 'en-gb' };
    const first = await patch(ada, profile);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ ...profile, locale: 'en-GB', name: 'Ada', email: ada?.email });
    const { body } = await patch(ada, { name: 'Ada L.', pronouns: '', locale: null });
    expect(body).toMatchObject({ name: 'Ada L.', title: 'Analyst', version: (first.body.version ?? 0) + 1 });
    expect([body.pronouns, body.locale]).toEqual([undefined, undefined]);
    expect((await chat.call('GET /me', { token: ada?.token })).body).toEqual(body);
  });

  it.each([
    ['/timeZone', { timeZone: 'Mars/Olympus' }],
    ['/timeZone', { timeZone: '+02:00' }],
    ['/locale', { locale: 'not a locale' }],
    ['/name', { name: '' }],
    ['/name', { name: 'A\u202Eda' }],
    ['/title', { title: 'x'.repeat(81) }],
    ['/pronouns', { pronouns: 'she\nher' }],
    ['/avatarImageId', { avatarImageId: 'me.png' }],
    ['/email', { email: 'new@example.org' }],
  ])('refuse a wrong %s', async (pointer, body) => {
    const reply = await patch(ada, body);
    expect([reply.status, reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual([
      400,
      'request.invalid',
      pointer,
    ]);
  });

  it('are seen in lists, by members and on their own, and all say the same', async () => {
    const { body: me } = await patch(ada, { title: 'Countess' });
    const members = await chat.call<Page<Member>>(`GET /workspaces/${workspaceId}/members`, {
      token: bob?.token,
    });
    const listed = members.body.data.find((member) => member.user.id === ada?.id)?.user;
    const { body: alone } = await user(bob, ada?.id);
    expect(listed).toEqual(alone);
    expect(alone).toMatchObject({ title: 'Countess', version: me.version });
    expect(alone).not.toHaveProperty('email');
  });

  it('are hidden from strangers, and from guests who share no channel', async () => {
    expect((await user(bob, ada?.id)).status).toBe(200);
    expect((await user(eve, ada?.id)).body.code).toBe('user.not_found');
    expect((await user(guest, ada?.id)).status).toBe(200);
    expect((await user(guest, bob?.id)).body.code).toBe('user.not_found');
    expect((await user(bob, guest?.id)).status).toBe(200);
    expect((await user(ada, randomUUID())).body.code).toBe('request.invalid');
  });

  it('tell guests who wrote what they read, also when the author is gone, and nothing of other authors', async () => {
    const names = ['Leo', 'Max', 'Ned', 'Ole'] as const;
    const people = await Promise.all(names.map((name) => chat.person(name)));
    const [leo, max, ned, ole] = people as [Person, Person, Person, Person];
    await chat.invite(ada as Person, workspaceId, ...people);
    const elsewhere = await chat.channel(ada as Person, workspaceId);
    for (const person of people) {
      const c = person === ole ? elsewhere : shared;
      await chat.call(`POST /channels/${c}/members`, { token: ada?.token, body: { userId: person.id } });
      expect((await chat.send(person, c, 'I was here')).status).toBe(201);
    }
    await chat.call(`DELETE /channels/${shared}/members/${leo.id}`, { token: leo.token });
    await chat.call(`DELETE /workspaces/${workspaceId}/members/${max.id}`, { token: ada?.token });
    await chat.call('POST /me/deletion', { token: ned.token, body: { password: 'correct horse' } });
    const seen = (asker: Person | undefined) =>
      Promise.all(people.map(async ({ id }) => (await user(asker, id)).body)).then((bodies) =>
        bodies.map(({ name, code }) => name ?? code),
      );
    expect(await seen(guest)).toEqual(['Leo', 'Max', 'Deleted account', 'user.not_found']);
    expect(await seen(bob)).toEqual(['Leo', 'Max', 'Deleted account', 'Ole']);
    expect(await seen(eve)).toEqual(Array(4).fill('user.not_found'));
    await chat.call(`DELETE /channels/${shared}/members/${guest?.id}`, { token: ada?.token });
    expect(await seen(guest)).toEqual(Array(4).fill('user.not_found'));
    await chat.call(`POST /channels/${shared}/members`, { token: ada?.token, body: { userId: guest?.id } });
  });

  it('tell members, the guests of shared channels and the own devices of a change, once each', async () => {
    const before = (await chat.allEvents()).length;
    const { body: me } = await patch(ada, { title: 'Engineer' });
    await chat.published();
    expect(await told('me.updated', before)).toHaveLength(1);
    const updates = await told('user.updated', before);
    expect(updates.map(({ workspaceId: w, channelId }) => [w, channelId])).toEqual([
      [workspaceId, null],
      [workspaceId, shared],
    ]);
    const { body: refetched } = await user(bob, ada?.id);
    for (const event of updates) expect(event.data).toEqual({ user: refetched });
    const [mine] = await told('me.updated', before);
    expect([mine?.workspaceId, mine?.data]).toEqual([null, { me }]);
  });

  it('have an avatar that the person may use, and no other', async () => {
    const mine = (await upload(chat, ada as Person, png(16, 16))).body as Image;
    const foreign = (await upload(chat, eve as Person, png(17, 16))).body as Image;
    expect((await patch(ada, { avatarImageId: mine.id })).body.avatarImageId).toBe(mine.id);
    expect((await patch(ada, { avatarImageId: foreign.id })).body.code).toBe('image.not_found');
    expect((await user(bob, ada?.id)).body.avatarImageId).toBe(mine.id);
    expect((await patch(ada, { avatarImageId: null })).body.avatarImageId).toBeUndefined();
  });

  it('are no business of bots', async () => {
    const { body } = await chat.call<{ accessToken: string }>('POST /auth/token', {
      body: { clientId: 'bot', clientSecret: chat.botSecret },
    });
    const bot = body.accessToken;
    for (const [route, input] of [
      ['PATCH /me', {}],
      ['PUT /me/status', { text: 'busy' }],
      ['DELETE /me/status', undefined],
      ['GET /me/preferences', undefined],
      ['PATCH /me/preferences', {}],
      ['DELETE /sessions', undefined],
    ] as const)
      expect((await chat.call(route, { token: bot, body: input })).body.code).toBe('permission.denied');
  });

  describe('a status', () => {
    const set = (body: object) => chat.call<Me>('PUT /me/status', { token: ada?.token, body });

    it('is set, seen, and cleared', async () => {
      const status = { emoji: '🚂', text: 'On the train', expiresAt: null };
      expect((await set(status)).body.status).toEqual(status);
      expect((await user(bob, ada?.id)).body.status).toEqual(status);
      expect((await chat.call('DELETE /me/status', { token: ada?.token })).status).toBe(204);
      expect((await user(bob, ada?.id)).body.status).toBeUndefined();
    });

    it('is cleared when it runs out, unless another took its place, and that is told', async () => {
      const soon = () => new Date(Date.now() + 1500).toISOString();
      const before = (await chat.allEvents()).length;
      await set({ text: 'Short', expiresAt: soon() });
      await chat.call('PUT /me/status', { token: bob?.token, body: { text: 'Short', expiresAt: soon() } });
      await chat.call('PUT /me/status', { token: bob?.token, body: { text: 'Long' } });
      await eventually(
        async () => {
          const mine = (await told('me.updated', before)).filter(({ actorId }) => actorId === ada?.id);
          expect(mine).toHaveLength(2);
          expect(mine[1]?.data).not.toHaveProperty('me.status');
        },
        { timeoutMs: 10_000, everyMs: 100 },
      );
      expect((await user(ada, bob?.id)).body.status?.text).toBe('Long');
    });

    it('counts until it runs out, for everyone', async () => {
      await set({ text: 'Lunch', expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
      expect((await user(bob, ada?.id)).body.status?.text).toBe('Lunch');
      const restore = passTime(3_700_000);
      try {
        expect((await user(bob, ada?.id)).body.status).toBeUndefined();
        const { body } = await chat.call<Page<Member>>(`GET /workspaces/${workspaceId}/members`, {
          token: bob?.token,
        });
        expect(body.data.find((member) => member.user.id === ada?.id)?.user.status).toBeUndefined();
      } finally {
        restore();
      }
    });

    it.each([
      ['/text', { text: '' }],
      ['/text', { text: 'x'.repeat(101) }],
      ['/emoji', { emoji: 'train' }],
      ['/emoji', { emoji: '🚂'.repeat(50) }],
      ['/expiresAt', { text: 'Back', expiresAt: '2020-01-01T00:00:00Z' }],
    ])('is refused with a wrong %s', async (pointer, body) => {
      const reply = await set(body);
      expect([reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual(['request.invalid', pointer]);
    });
  });

  describe('preferences', () => {
    const get = () => chat.call<Preferences>('GET /me/preferences', { token: bob?.token });
    const change = (body: object, tag?: string) =>
      chat.call<Preferences>('PATCH /me/preferences', {
        token: bob?.token,
        body,
        ...(tag ? { headers: { 'if-match': tag } } : {}),
      });
    const quietHours = { days: [5, 1, 1], from: '22:00', to: '07:00' };

    it('begin with everything on, and change one by one', async () => {
      expect((await get()).body).toEqual({
        dndUntil: null,
        quietHours: null,
        readReceipts: true,
        version: 0,
      });
      const { body, headers } = await change({ quietHours });
      expect(body).toMatchObject({
        quietHours: { days: [1, 5], from: '22:00', to: '07:00' },
        readReceipts: true,
      });
      expect(headers['etag']).toBe(`"${body.version}"`);
      expect((await change({ readReceipts: false, quietHours: null })).body).toMatchObject({
        quietHours: null,
        readReceipts: false,
      });
    });

    it('are told to all devices of the person and nobody else', async () => {
      const before = (await chat.allEvents()).length;
      const { body } = await change({ dndUntil: '2030-01-01T00:00:00.000Z' });
      await eventually(async () => {
        const events = (await chat.events()).slice(before);
        expect(events.map(({ type, data, workspaceId: w }) => [type, data, w])).toEqual([
          ['preferences.updated', { preferences: body }, null],
        ]);
      });
    });

    it('changed by two devices at once keep the change of one and tell the other', async () => {
      const { headers } = await get();
      const tag = headers['etag'] as string;
      const replies = await Promise.all([
        change({ readReceipts: true }, tag),
        change({ readReceipts: false }, tag),
      ]);
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 412]);
      expect(replies.find(({ status }) => status === 412)?.body.code).toBe('precondition.failed');
      expect((await change({ readReceipts: true }, 'nonsense')).body.code).toBe('precondition.failed');
    });

    it.each([
      ['/quietHours/to', { quietHours: { days: [1], from: '22:00', to: '22:00' } }],
      ['/quietHours/days', { quietHours: { days: [], from: '22:00', to: '07:00' } }],
      ['/quietHours/from', { quietHours: { days: [1], from: '24:00', to: '07:00' } }],
      ['/dndUntil', { dndUntil: 'tomorrow' }],
      ['/readReceipts', { readReceipts: 'no' }],
    ])('are refused with a wrong %s', async (pointer, body) => {
      const reply = await change(body);
      expect([reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual(['request.invalid', pointer]);
    });
  });
});
