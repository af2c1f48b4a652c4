import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Activity, ActivityCursor, Bootstrap, Message, Page } from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('the activity inbox', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let cyd: Person;
  let w: string;
  let c: string;
  beforeAll(async () => {
    chat = await RunningChat.start({ CHAT_ROLES: 'api' });
    [ada, bob, cyd] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Cyd')];
  });
  beforeEach(async () => {
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, cyd);
    c = await channelOf('public');
  });
  afterAll(() => chat.stop());

  const channelOf = async (kind: 'public' | 'private') => {
    const id = await chat.channel(ada, w, kind);
    for (const person of [bob, cyd])
      await chat.call(`POST /channels/${id}/members`, { body: { userId: person.id }, token: ada.token });
    return id;
  };
  const say = async (by: Person, text: string, more: object = {}, channel = c) =>
    (
      await chat.call<Message>(`POST /channels/${channel}/messages`, {
        body: { clientMessageId: randomUUID(), text, ...more },
        token: by.token,
      })
    ).body;
  const react = (by: Person, message: Message, emoji: string, method = 'PUT') =>
    chat.call(`${method} /messages/${message.id}/reactions/${encodeURIComponent(emoji)}`, {
      token: by.token,
    });
  const page = async (by: Person, query = '') =>
    (await chat.call<Page<Activity>>(`GET /workspaces/${w}/activity${query}`, { token: by.token })).body;
  const inbox = async (by: Person, query = '') =>
    (await page(by, query)).data.map(({ kind, message, emoji }) => [
      kind,
      message.text,
      ...(emoji ? [emoji] : []),
    ]);
  const totals = async (by: Person) =>
    (await chat.call<Bootstrap>(`GET /workspaces/${w}/bootstrap`, { token: by.token })).body.activity;
  const seen = (by: Person, id: unknown) =>
    chat.call<ActivityCursor>(`PUT /workspaces/${w}/activity/read-cursor`, { body: { id }, token: by.token });

  it('has mentions, replies and reactions, the newest first, and nothing of what one did oneself', async () => {
    const root = await say(ada, 'root');
    await say(bob, `hello <@${ada.id}>`);
    await say(ada, `myself <@${ada.id}> and @channel`);
    const reply = await say(bob, 'reply', { threadId: root.id });
    await say(ada, 'my reply', { threadId: root.id });
    await say(cyd, `called <@${ada.id}>, @channel`, { threadId: root.id, alsoInChannel: true });
    await react(cyd, root, '👍');
    await react(ada, root, '🎉');
    await react(ada, reply, '👀');
    expect(await inbox(ada)).toEqual([
      ['reaction', 'root', '👍'],
      ['mention', `called <@${ada.id}>, @channel`],
      ['reply', 'reply'],
      ['mention', `hello <@${ada.id}>`],
    ]);
    expect(await inbox(bob)).toEqual([
      ['reaction', 'reply', '👀'],
      ['mention', `called <@${ada.id}>, @channel`],
      ['reply', 'my reply'],
      ['mention', `myself <@${ada.id}> and @channel`],
    ]);
    const [newest] = (await page(ada)).data;
    expect(newest).toMatchObject({ actorId: cyd.id, message: { id: root.id }, unread: true });
    expect((await page(bob)).data[1]).toMatchObject({ actorId: cyd.id });
  });

  it('pages through all of it once, of the kinds that are asked for', async () => {
    const root = await say(ada, 'root');
    for (let i = 0; i < 4; i++) {
      await say(bob, `<@${ada.id}> ${i}`);
      await say(bob, `reply ${i}`, { threadId: root.id });
      await react(bob, root, ['👍', '🎉', '👀', '✅'][i] as string);
    }
    const all = await page(ada);
    expect(all.data).toHaveLength(12);
    const ids: string[] = [];
    let query = '?limit=5';
    for (;;) {
      const { data, nextCursor } = await page(ada, query);
      ids.push(...data.map((entry) => entry.id));
      if (nextCursor === null) break;
      query = `?limit=5&cursor=${nextCursor}`;
    }
    expect(ids).toEqual(all.data.map((entry) => entry.id));
    expect(ids).toEqual(ids.toSorted().toReversed());
    const kinds = async (some: string) =>
      new Set((await page(ada, `?kinds=${some}`)).data.map((entry) => entry.kind));
    expect(await kinds('mentions')).toEqual(new Set(['mention']));
    expect(await kinds('replies,reactions')).toEqual(new Set(['reply', 'reaction']));
  });

  it('has what calls a group one is in, in threads too, and nothing of other groups', async () => {
    const group = async (handle: string, ...userIds: string[]) =>
      (
        await chat.call<{ id: string }>(`POST /workspaces/${w}/groups`, {
          body: { handle, name: handle, userIds },
          token: ada.token,
        })
      ).body.id;
    const [crew, others] = [await group('crew', ada.id), await group('others', cyd.id)];
    const root = await say(ada, 'root');
    await say(bob, `<@&${crew}>, <@${ada.id}>`);
    await say(bob, `<@&${others}>`);
    await say(bob, `<@&${crew}>`, { threadId: root.id });
    await say(bob, `<@&${others}>`, { threadId: root.id });
    expect(await inbox(ada)).toEqual([
      ['reply', `<@&${others}>`],
      ['mention', `<@&${crew}>`],
      ['mention', `<@&${crew}>, <@${ada.id}>`],
    ]);
    expect(await inbox(bob)).toEqual([]);
    const calls = [await say(bob, `<@&${crew}> <@${ada.id}>`), await say(bob, `<@${ada.id}> <@&${crew}>`)];
    const { data, nextCursor } = await page(ada, '?limit=1');
    expect(data.map(({ message }) => message.id)).toEqual([calls[1]?.id]);
    const older = await page(ada, `?limit=1&cursor=${nextCursor}`);
    expect(older.data.map(({ message }) => message.id)).toEqual([calls[0]?.id]);
  });

  it('forgets what was deleted, taken back or edited out, and learns what was edited in', async () => {
    const mention = await say(bob, `<@${ada.id}>`);
    const other = await say(bob, 'other');
    const root = await say(ada, 'root');
    const reply = await say(bob, 'reply', { threadId: root.id });
    await react(bob, root, '👍');
    await chat.call(`PATCH /messages/${mention.id}`, { body: { text: 'nobody' }, token: bob.token });
    await chat.call(`PATCH /messages/${other.id}`, { body: { text: 'now @channel' }, token: bob.token });
    await chat.call(`DELETE /messages/${reply.id}`, { token: bob.token });
    await react(bob, root, '👍', 'DELETE');
    expect(await inbox(ada)).toEqual([['mention', 'now @channel']]);
  });

  it('is of threads one follows, since one follows them, if one wants their replies', async () => {
    const root = await say(ada, 'root');
    await say(bob, 'before', { threadId: root.id });
    expect(await inbox(cyd)).toEqual([]);
    await chat.call(`PUT /messages/${root.id}/follow`, { token: cyd.token });
    await say(bob, 'after', { threadId: root.id });
    await say(bob, 'silent @channel', { threadId: root.id });
    expect(await inbox(cyd)).toEqual([
      ['reply', 'silent @channel'],
      ['reply', 'after'],
    ]);
    await chat.call(`PUT /messages/${root.id}/thread-preferences`, {
      body: { level: 'mentions' },
      token: cyd.token,
    });
    expect(await inbox(cyd)).toEqual([]);
  });

  it('is only of channels one may still read, and of calls to all since one is there', async () => {
    const secret = await channelOf('private');
    const mine = await say(cyd, 'mine', {}, secret);
    await say(bob, `<@${cyd.id}>`, {}, secret);
    await say(bob, '@channel', {}, secret);
    await react(bob, mine, '👍');
    await say(bob, `in public <@${cyd.id}>`);
    await say(bob, 'in public @channel');
    expect(await inbox(cyd)).toHaveLength(5);
    for (const channel of [secret, c])
      await chat.call(`DELETE /channels/${channel}/members/${cyd.id}`, { token: ada.token });
    expect(await inbox(cyd)).toEqual([['mention', `in public <@${cyd.id}>`]]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await chat.call(`POST /channels/${c}/join`, { token: cyd.token });
    await say(bob, 'again @channel');
    expect(await inbox(cyd)).toEqual([
      ['mention', 'again @channel'],
      ['mention', `in public <@${cyd.id}>`],
    ]);
    const eve = await chat.person('Eve');
    expect((await chat.call(`GET /workspaces/${w}/activity`, { token: eve.token })).body.code).toBe(
      'workspace.not_found',
    );
  });

  it('is new until it was seen, on all devices', async () => {
    const root = await say(ada, 'root');
    await say(bob, `<@${ada.id}>`);
    await say(bob, 'reply', { threadId: root.id });
    await react(bob, root, '👍');
    expect(await totals(ada)).toEqual({ lastReadId: null, version: 0, unreadCount: 3 });
    const [newest, second] = (await page(ada)).data;
    expect((await seen(ada, second?.id)).body).toEqual({ lastReadId: second?.id, version: 1 });
    expect((await page(ada)).data.map((entry) => entry.unread)).toEqual([true, false, false]);
    expect(await totals(ada)).toMatchObject({ unreadCount: 1 });
    const both = await Promise.all([seen(ada, newest?.id), seen(ada, second?.id)]);
    expect(both.map((reply) => reply.status)).toEqual([200, 200]);
    expect(await totals(ada)).toEqual({ lastReadId: newest?.id, version: 2, unreadCount: 0 });
    await say(bob, '@channel');
    expect(await totals(ada)).toMatchObject({ unreadCount: 1 });
    await eventually(async () => {
      const moved = (await chat.events(w)).filter((event) => event.type === 'activity_cursor.updated');
      expect(moved.map((event) => event.data)).toEqual([
        { cursor: { lastReadId: second?.id, version: 1 } },
        { cursor: { lastReadId: newest?.id, version: 2 } },
      ]);
    });
  });

  it('refuses kinds, cursors and entries that there are not', async () => {
    const pointers = async (query: string) =>
      (await chat.call(`GET /workspaces/${w}/activity${query}`, { token: ada.token })).body.errors?.map(
        (error) => error.pointer,
      );
    expect(await pointers('?kinds=gossip')).toEqual(['/query/kinds']);
    expect(await pointers('?cursor=x')).toEqual(['/query/cursor']);
    const future = `fffffff0-0000-7000-8000-000000000000`;
    for (const id of ['x', future])
      expect((await seen(ada, id)).body.errors?.map((error) => error.pointer)).toEqual(['/id']);
    expect((await seen(await chat.person('Eve'), newId.message())).body.code).toBe('workspace.not_found');
  });
});
