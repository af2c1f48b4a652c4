import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bootstrap, FollowedThread, Message, Page, ThreadMembership } from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('threads', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let cyd: Person;
  let w: string;
  let c: string;
  let root: Message;
  beforeAll(async () => {
    chat = await RunningChat.start({ CHAT_ROLES: 'api' });
    [ada, bob, cyd] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Cyd')];
  });
  beforeEach(async () => {
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, cyd);
    c = await chat.channel(ada, w);
    for (const person of [bob, cyd]) await chat.call(`POST /channels/${c}/join`, { token: person.token });
    root = (await chat.send(ada, c, 'root')).body;
  });
  afterAll(() => chat.stop());

  const reply = async (by: Person, text = 'reply', more: object = {}, to = root) =>
    (
      await chat.call<Message>(`POST /channels/${to.channelId}/messages`, {
        body: { clientMessageId: randomUUID(), text, threadId: to.id, ...more },
        token: by.token,
      })
    ).body;
  const ask = (by: Person, route: string, body?: unknown) =>
    chat.call<ThreadMembership>(route.replace('ROOT', root.id), { body, token: by.token });
  const mine = async (by: Person) => (await ask(by, 'GET /messages/ROOT/follow')).body;
  const inbox = async (by: Person, query = '') =>
    (await chat.call<Page<FollowedThread>>(`GET /workspaces/${w}/threads${query}`, { token: by.token })).body;
  const totals = async (by: Person) =>
    (await chat.call<Bootstrap>(`GET /workspaces/${w}/bootstrap`, { token: by.token })).body.threads;
  const told = async (type = 'thread.followed') =>
    (await chat.events(w)).filter((event) => event.type === type);

  it('are followed by their author, those who reply and those called by name, and by nobody else', async () => {
    const first = await reply(bob, `for <@${ada.id}>`);
    expect(await mine(ada)).toMatchObject({
      following: true,
      version: 0,
      lastReadSeq: first.seq - 1,
      unreadSeqs: [first.seq],
      mentionSeqs: [first.seq],
    });
    expect(await mine(bob)).toMatchObject({ following: true, lastReadSeq: first.seq, unreadSeqs: [] });
    expect(await mine(cyd)).toMatchObject({ following: false, unreadSeqs: [], mentionSeqs: [] });
    const second = await reply(bob, `and <@${cyd.id}>, @channel`);
    expect(await mine(cyd)).toMatchObject({ following: true, unreadSeqs: [second.seq] });
    expect(await mine(ada)).toMatchObject({ mentionSeqs: [first.seq, second.seq] });
  });

  it('are followed before the first reply, without showing a thread', async () => {
    const followed = await ask(cyd, 'PUT /messages/ROOT/follow');
    expect(followed.body).toMatchObject({ following: true, version: 1, lastReadSeq: root.seq });
    const shown = (await chat.call<Message>(`GET /messages/${root.id}`, { token: cyd.token })).body;
    expect(shown).not.toHaveProperty('thread');
    expect((await inbox(cyd)).data).toEqual([]);
    const said = await reply(bob);
    expect((await inbox(cyd)).data).toMatchObject([
      {
        root: { id: root.id, thread: { replyCount: 1 } },
        membership: { unreadSeqs: [said.seq] },
        latestReplies: [{ id: said.id }],
      },
    ]);
    await eventually(async () =>
      expect(await told()).toMatchObject([{ actorId: cyd.id, data: { membership: followed.body } }]),
    );
  });

  it('are unfollowed until one replies or follows again; being called does not undo it', async () => {
    await reply(bob, `<@${cyd.id}>`);
    expect((await ask(cyd, 'DELETE /messages/ROOT/follow')).body).toMatchObject({
      following: false,
      version: 1,
    });
    await reply(bob, `<@${cyd.id}> again`);
    expect(await mine(cyd)).toMatchObject({ following: false, unreadSeqs: [], mentionSeqs: [] });
    expect(await totals(cyd)).toEqual({ unreadCount: 0, mentionCount: 0 });
    expect((await inbox(cyd)).data).toEqual([]);
    const again = await ask(cyd, 'PUT /messages/ROOT/follow');
    expect(again.body).toMatchObject({ following: true, version: 2, unreadSeqs: [] });
    expect((await ask(cyd, 'PUT /messages/ROOT/follow')).body).toEqual(again.body);
    await ask(cyd, 'DELETE /messages/ROOT/follow');
    const said = await reply(cyd);
    expect(await mine(cyd)).toMatchObject({ following: true, version: 3, lastReadSeq: said.seq });
    await eventually(async () => expect(await told()).toHaveLength(3));
  });

  it('are unfollowed by those who never followed, before anyone calls them', async () => {
    await ask(cyd, 'DELETE /messages/ROOT/follow');
    await reply(bob, `<@${cyd.id}>`);
    expect((await mine(cyd)).following).toBe(false);
    expect((await mine(ada)).following).toBe(true);
  });

  it('have a cursor that only moves on, and back when a reply is marked unread', async () => {
    const seqs: number[] = [];
    for (let i = 0; i < 3; i++) seqs.push((await reply(bob)).seq);
    const [one, two, three] = seqs as [number, number, number];
    const read = (seq: number) => ask(ada, 'PUT /messages/ROOT/thread-read-cursor', { seq });
    expect((await read(two)).body).toMatchObject({ lastReadSeq: two, unreadSeqs: [three], version: 1 });
    expect((await read(one)).body).toMatchObject({ lastReadSeq: two, version: 1 });
    expect((await read(999_999)).body).toMatchObject({ lastReadSeq: three, unreadSeqs: [] });
    const back = await ask(ada, 'POST /messages/ROOT/thread-mark-unread', { seq: two });
    expect(back.body).toMatchObject({ lastReadSeq: two - 1, unreadSeqs: [two, three], version: 3 });
    await eventually(async () => {
      const events = (await told()) as { data: { membership: ThreadMembership } }[];
      expect(events.map((event) => event.data.membership.version)).toEqual([1, 2, 3]);
      expect(events[2]).toMatchObject({ data: { membership: back.body } });
    });
    const cyds = await ask(cyd, 'PUT /messages/ROOT/thread-read-cursor', { seq: three });
    expect(cyds.body).toMatchObject({ following: false, lastReadSeq: 0, version: 0 });
  });

  it('keep the furthest of two devices that read at once', async () => {
    const seqs: number[] = [];
    for (let i = 0; i < 6; i++) seqs.push((await reply(bob)).seq);
    await Promise.all(
      [3, 0, 5, 1, 4, 2].map((i) => ask(ada, 'PUT /messages/ROOT/thread-read-cursor', { seq: seqs[i] })),
    );
    expect(await mine(ada)).toMatchObject({ lastReadSeq: seqs[5], unreadSeqs: [] });
  });

  it('survive that somebody replies, follows and unfollows at the same time', async () => {
    const all = await Promise.all(
      Array.from({ length: 24 }, (_, i) => {
        if (i % 3 === 0) return reply(cyd).then((message) => ({ status: message.seq > 0 ? 200 : 500 }));
        return ask(cyd, `${i % 3 === 1 ? 'PUT' : 'DELETE'} /messages/ROOT/follow`);
      }),
    );
    expect(new Set(all.map((one) => one.status))).toEqual(new Set([200]));
    const { seq } = await reply(cyd);
    expect(await mine(cyd)).toMatchObject({ following: true, lastReadSeq: seq });
  });

  it('do not count deleted replies, nor what they called', async () => {
    const said = await reply(bob, `<@${ada.id}>`);
    const other = await reply(bob);
    expect(await totals(ada)).toEqual({ unreadCount: 1, mentionCount: 1 });
    await chat.call(`DELETE /messages/${said.id}`, { token: bob.token });
    expect(await mine(ada)).toMatchObject({
      unreadSeqs: [other.seq],
      removedSeqs: [said.seq],
      mentionSeqs: [],
    });
    expect(await totals(ada)).toEqual({ unreadCount: 1, mentionCount: 0 });
    await chat.call(`DELETE /messages/${other.id}`, { token: bob.token });
    expect(await totals(ada)).toEqual({ unreadCount: 0, mentionCount: 0 });
    expect((await inbox(ada)).data).toEqual([]);
  });

  it('stand in the inbox by their latest reply, page by page, all or the unread', async () => {
    const roots = [root];
    for (let i = 0; i < 4; i++) roots.push((await chat.send(ada, c, `root ${i}`)).body);
    for (const one of roots) for (let i = 0; i < 4; i++) await reply(bob, `${i}`, {}, one);
    const latest = await reply(bob, 'bump', {}, roots[1]);
    const ids = (page: Page<FollowedThread>) => page.data.map((thread) => thread.root.id);
    const expected = [1, 4, 3, 2, 0].map((i) => roots[i]?.id);
    const first = await inbox(ada, '?limit=3');
    expect(ids(first)).toEqual(expected.slice(0, 3));
    const second = await inbox(ada, `?limit=3&cursor=${first.nextCursor}`);
    expect([ids(second), second.nextCursor]).toEqual([expected.slice(3), null]);
    expect(first.data[0]?.latestReplies.map((message) => message.text)).toEqual(['2', '3', 'bump']);
    await chat.call(`PUT /messages/${roots[1]?.id}/thread-read-cursor`, {
      body: { seq: latest.seq },
      token: ada.token,
    });
    expect(ids(await inbox(ada, '?filter=unread'))).toEqual(expected.slice(1));
    expect(await totals(ada)).toEqual({ unreadCount: 4, mentionCount: 0 });
    expect((await inbox(cyd)).data).toEqual([]);
  });

  it('are all marked as read at once, with one event', async () => {
    const roots = [root, (await chat.send(ada, c, 'second')).body];
    for (const one of roots) await reply(bob, 'x', {}, one);
    const done = await ask(ada, `POST /workspaces/${w}/threads/mark-all-read`);
    expect(done.status).toBe(204);
    expect(await totals(ada)).toEqual({ unreadCount: 0, mentionCount: 0 });
    await ask(ada, `POST /workspaces/${w}/threads/mark-all-read`);
    await ask(cyd, 'PUT /messages/ROOT/follow');
    await eventually(async () => {
      expect(await told()).toHaveLength(1);
      const events = (await told('threads.read')) as { data: { memberships: ThreadMembership[] } }[];
      expect(events).toHaveLength(1);
      expect(events[0]?.data.memberships.map((one) => [one.threadId, one.unreadSeqs])).toEqual(
        roots.map((one) => [one.id, []]),
      );
    });
  });

  it('notify as each follower chooses; who does not follow chooses nothing', async () => {
    await reply(bob);
    const set = await ask(ada, 'PUT /messages/ROOT/thread-preferences', { level: 'mentions' });
    expect(set.body).toMatchObject({ level: 'mentions', version: 1 });
    expect((await ask(ada, 'PUT /messages/ROOT/thread-preferences', { level: 'mentions' })).body).toEqual(
      set.body,
    );
    expect(
      (await ask(ada, 'PUT /messages/ROOT/thread-preferences', { level: 'default' })).body,
    ).toMatchObject({ level: 'default', version: 2 });
    const cyds = await ask(cyd, 'PUT /messages/ROOT/thread-preferences', { level: 'all' });
    expect([cyds.status, cyds.body.code]).toEqual([409, 'thread.not_followed']);
  });

  it('are forgotten by those who leave the channel', async () => {
    await reply(bob, `<@${cyd.id}>`);
    expect((await mine(cyd)).following).toBe(true);
    await chat.call(`DELETE /channels/${c}/members/${cyd.id}`, { token: cyd.token });
    expect((await ask(cyd, 'GET /messages/ROOT/follow')).body.code).toBe('channel.not_member');
    expect(await totals(cyd)).toEqual({ unreadCount: 0, mentionCount: 0 });
    expect((await inbox(cyd)).data).toEqual([]);
    await chat.call(`POST /channels/${c}/join`, { token: cyd.token });
    expect(await mine(cyd)).toMatchObject({ following: false, version: 0 });
  });

  it('begin only with messages of the channel itself that are there', async () => {
    const said = await reply(bob);
    const put = (id: string, by = ada) => chat.call(`PUT /messages/${id}/follow`, { token: by.token });
    expect((await put(said.id)).body.code).toBe('thread.not_found');
    expect((await put(newId.message())).body.code).toBe('message.not_found');
    const gone = (await chat.send(ada, c, 'gone')).body;
    await put(gone.id, cyd);
    await chat.call(`DELETE /messages/${gone.id}`, { token: ada.token });
    expect((await put(gone.id)).body.code).toBe('thread.not_found');
    expect((await reply(bob, 'late', {}, gone)) as unknown).toMatchObject({ code: 'thread.not_found' });
    await chat.call(`DELETE /messages/${root.id}`, { token: ada.token });
    expect((await put(root.id, cyd)).body).toMatchObject({ following: true });
    const eve = await chat.person('Eve');
    expect((await put(root.id, eve)).body.code).toBe('message.not_found');
  });

  it('refuse what is no seq, no level and no cursor', async () => {
    const pointers = async (route: string, body?: unknown) =>
      (await ask(ada, route, body)).body.errors?.map((error) => error.pointer);
    expect(await pointers('PUT /messages/ROOT/thread-read-cursor', { seq: -1 })).toEqual(['/seq']);
    expect(await pointers('POST /messages/ROOT/thread-mark-unread', { seq: 0 })).toEqual(['/seq']);
    expect(await pointers('PUT /messages/ROOT/thread-preferences', { level: 'loud' })).toEqual(['/level']);
    expect(await pointers(`GET /workspaces/${w}/threads?filter=old`)).toEqual(['/query/filter']);
    for (const cursor of ['x', 'W10', Buffer.from('["2026-99-99T00:00:00.000Z","x"]').toString('base64url')])
      expect(await pointers(`GET /workspaces/${w}/threads?cursor=${cursor}`)).toEqual(['/query/cursor']);
  });
});
