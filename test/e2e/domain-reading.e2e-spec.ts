import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  Activity,
  Bootstrap,
  CustomEmoji,
  FollowedThread,
  Image,
  Message,
  Page,
  ParleyEvent,
  ReadCursor,
  Receipts,
  ThreadMembership,
  Unread,
} from '#contracts';
import { eventually, type EventStream } from '#testing';
import { Device } from '../../apps/chat/test/badges.js';
import { png } from '../../apps/chat/test/pictures.js';
import { nextEvent, RunningParley, type Person } from './running-parley.js';

describe('threads, reactions and what is read, through the gateway', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let cat: Person;
  let w: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId: w } = await parley.team());
    cat = await parley.person('Cat');
    await parley.admit(ada, w, cat);
  }, 120_000);
  afterAll(() => parley?.stop(), 60_000);

  const room = async () => {
    const id = await ada.channel(w);
    await ada.call(`POST /channels/${id}/members/batch`, { userIds: [bob.id, cat.id] });
    return id;
  };
  const unread = async (person: Person) => (await person.call<Unread>(`GET /workspaces/${w}/unread`)).body;
  const badges = async (person: Person) =>
    Object.fromEntries((await unread(person)).channels.map(({ channelId, ...badge }) => [channelId, badge]));
  const read = (person: Person, channelId: string, seq: number) =>
    person.call<ReadCursor>(`PUT /channels/${channelId}/read-cursor`, { seq });
  const inbox = async (person: Person, query = '') =>
    (await person.call<Page<FollowedThread>>(`GET /workspaces/${w}/threads${query}`)).body.data;
  const follow = (person: Person, root: Message, method = 'PUT') =>
    person.call<ThreadMembership>(`${method} /messages/${root.id}/follow`);

  it('a reply stays in its thread unless it is shown in the channel, too', async () => {
    const c = await room();
    const stream = await cat.listen(w);
    const root = await ada.post(c, 'who?');
    const hidden = await bob.post(c, 'me', { threadId: root.id });
    const shown = await bob.post(c, 'really me', { threadId: root.id, alsoInChannel: true });
    await nextEvent(stream, 'message.created');
    const first = (await nextEvent(stream, 'message.created')).event.data;
    expect([first.message.id, first.thread?.replyCount]).toEqual([hidden.id, 1]);
    const second = (await nextEvent(stream, 'message.created')).event.data;
    expect(second.thread).toMatchObject({ replyCount: 2, participantIds: [bob.id], lastSeq: shown.seq });
    expect((await cat.history(c)).map(({ text }) => text)).toEqual(['who?', 'really me']);
    const { body } = await cat.call<Page<Message>>(`GET /messages/${root.id}/thread`);
    expect(body.data.map(({ text }) => text)).toEqual(['me', 'really me']);
    // What the channel shows is unread in the channel; what it doesn't, is not.
    expect((await badges(cat))[c]).toEqual({ unread: 2, mentions: 0 });
    await stream.close();
  });

  it('a thread is followed, read, marked unread and left on all devices of one person', async () => {
    const c = await room();
    const root = await ada.post(c, 'a long story');
    const phone = await cat.listen(w);
    const { body: followed } = await follow(cat, root);
    expect((await nextEvent(phone, 'thread.followed')).event.data.membership).toEqual(followed);
    const one = await bob.post(c, 'one', { threadId: root.id });
    const two = await bob.post(c, `two, <@${cat.id}>`, { threadId: root.id });
    expect(await inbox(cat, '?filter=unread')).toMatchObject([
      { root: { id: root.id }, membership: { unreadSeqs: [one.seq, two.seq], mentionSeqs: [two.seq] } },
    ]);
    expect((await unread(cat)).threads).toEqual({ unreadCount: 1, mentionCount: 1 });
    await cat.call(`PUT /messages/${root.id}/thread-read-cursor`, { seq: two.seq });
    const { event } = await nextEvent(phone, 'thread.followed');
    expect(event.data.membership).toMatchObject({ lastReadSeq: two.seq, unreadSeqs: [] });
    expect(await inbox(cat, '?filter=unread')).toEqual([]);
    await cat.call(`POST /messages/${root.id}/thread-mark-unread`, { seq: two.seq });
    expect((await nextEvent(phone, 'thread.followed')).event.data.membership.unreadSeqs).toEqual([two.seq]);
    const level = { level: 'none' };
    await cat.call(`PUT /messages/${root.id}/thread-preferences`, level);
    expect((await nextEvent(phone, 'thread.followed')).event.data.membership).toMatchObject(level);
    await cat.call(`POST /workspaces/${w}/threads/mark-all-read`);
    const { memberships } = (await nextEvent(phone, 'threads.read')).event.data;
    expect(memberships).toMatchObject([{ threadId: root.id, lastReadSeq: two.seq, unreadSeqs: [] }]);
    expect((await follow(cat, root, 'DELETE')).body.following).toBe(false);
    await bob.post(c, `three, <@${cat.id}>`, { threadId: root.id });
    expect([await inbox(cat), (await unread(cat)).threads]).toEqual([
      [],
      { unreadCount: 0, mentionCount: 0 },
    ]);
    expect((await cat.call(`PUT /messages/${root.id}/thread-preferences`, level)).body.code).toBe(
      'thread.not_followed',
    );
    // Whoever began it follows it without asking.
    expect((await inbox(ada)).map((thread) => thread.root.id)).toContain(root.id);
    await phone.close();
  });

  it('reactions are one of a person and emoji, of Unicode or of our own making', async () => {
    const c = await room();
    const stream = await cat.listen(w);
    const { body: image } = await bob.upload<Image>('/images', png(64), 'image/png');
    const { body: emoji } = await bob.call<CustomEmoji>(`POST /workspaces/${w}/emoji`, {
      name: 'ship_it',
      imageId: image.id,
    });
    expect((await nextEvent(stream, 'emoji.updated')).event.data.emoji).toEqual(emoji);
    const message = await ada.post(c, 'done');
    const react = (person: Person, key: string, method = 'PUT') =>
      person.call<Message>(`${method} /messages/${message.id}/reactions/${encodeURIComponent(key)}`);
    await react(bob, ':ship_it:');
    await Promise.all([react(bob, '🎉'), react(bob, '🎉')]);
    const { body: reacted } = await react(ada, '🎉');
    expect(reacted.reactions).toEqual([
      { emoji: ':ship_it:', count: 1, userIds: [bob.id] },
      { emoji: '🎉', count: 2, userIds: [bob.id, ada.id] },
    ]);
    for (let n = 0; n < 2; n++) await nextEvent(stream, 'reaction.added');
    expect((await nextEvent(stream, 'reaction.added')).event.data).toEqual({
      message: reacted,
      emoji: '🎉',
      userId: ada.id,
    });
    await react(bob, '🎉', 'DELETE');
    const { event } = await nextEvent(stream, 'reaction.removed');
    expect(event.data.message.reactions?.[1]).toEqual({ emoji: '🎉', count: 1, userIds: [ada.id] });
    const { body: names } = await cat.call<Page<{ emoji: string; user: { name: string } }>>(
      `GET /messages/${message.id}/reactions`,
    );
    expect(names.data.map((one) => `${one.emoji} ${one.user.name}`).sort()).toEqual([
      ':ship_it: Bob',
      '🎉 Ada',
    ]);
    expect((await react(ada, ':unknown:')).body.code).toBe('emoji.not_found');
    expect((await react(ada, '👍👍')).body.code).toBe('request.invalid');
    const large = await bob.upload('/images', png(3000), 'image/png');
    expect(large.body.code).toBe('image.too_large');
    const text = await bob.upload('/images', Buffer.from('<svg xmlns="x"/>'), 'image/png');
    expect(text.body.code).toBe('image.unsupported');
    await stream.close();
  });

  it('the inbox of activity has what concerns one, once, and is seen on all devices', async () => {
    const c = await room();
    const phone = await cat.listen(w);
    const mine = await cat.post(c, 'mine');
    await ada.post(c, `<@${cat.id}>, hello`);
    await bob.post(c, 'a reply', { threadId: mine.id });
    await bob.call(`PUT /messages/${mine.id}/reactions/${encodeURIComponent('❤️')}`);
    const entries = async (query = '') =>
      (await cat.call<Page<Activity>>(`GET /workspaces/${w}/activity${query}`)).body.data.filter(
        ({ message }) => message.channelId === c,
      );
    const all = await entries();
    expect(all.map(({ kind, actorId }) => [kind, actorId])).toEqual([
      ['reaction', bob.id],
      ['reply', bob.id],
      ['mention', ada.id],
    ]);
    expect((await entries('?kinds=mentions,replies')).map(({ kind }) => kind)).toEqual(['reply', 'mention']);
    expect((await cat.bootstrap(w)).activity.unreadCount).toBeGreaterThanOrEqual(3);
    await cat.call(`PUT /workspaces/${w}/activity/read-cursor`, { id: all[0]?.id });
    expect((await nextEvent(phone, 'activity_cursor.updated')).event.data.cursor.lastReadId).toBe(all[0]?.id);
    expect((await cat.bootstrap(w)).activity.unreadCount).toBe(0);
    await bob.call(`DELETE /messages/${mine.id}/reactions/${encodeURIComponent('❤️')}`);
    expect((await entries()).map(({ kind }) => kind)).toEqual(['reply', 'mention']);
    await phone.close();
  });

  /** A device that listens from its snapshot on, as a client does. */
  const device = async (person: Person) => {
    const start: Bootstrap = await person.bootstrap(w);
    const stream: EventStream = await person.stream(w, start.cursor as string);
    const known = new Device(person.id, start);
    const listening = (async () => {
      for await (const { data } of stream)
        if (data !== '' && !data.includes('"stream.')) known.hear(JSON.parse(data) as ParleyEvent);
    })();
    return { known, close: () => stream.close().then(() => listening) };
  };

  it('two devices and the server count the same, whatever was sent, edited, deleted, moved and read', async () => {
    const [one, two] = [await room(), await room()];
    const [phone, laptop] = [await device(cat), await device(cat)];
    const agree = async () => {
      const truth = await badges(cat);
      await eventually(async () => {
        expect(phone.known.badges).toEqual(truth);
        expect(laptop.known.badges).toEqual(truth);
      });
      return { one: truth[one], two: truth[two] };
    };
    const sent: Message[] = [];
    for (let n = 0; n < 6; n++) sent.push(await ada.post(one, n % 2 ? `<@${cat.id}> ${n}` : `${n}`));
    expect(await agree()).toEqual({ one: { unread: 6, mentions: 3 }, two: undefined });
    const [, second, third, fourth, , last] = sent as [Message, Message, Message, Message, Message, Message];
    // Each device reads as far as it shows; the further one holds.
    await Promise.all([read(cat, one, third.seq), read(cat, one, second.seq)]);
    expect((await agree()).one).toEqual({ unread: 3, mentions: 2 });
    await ada.call(`DELETE /messages/${last.id}`);
    expect((await agree()).one).toEqual({ unread: 2, mentions: 1 });
    await ada.call(`PATCH /messages/${fourth.id}`, { text: 'nobody is called' });
    expect((await agree()).one).toEqual({ unread: 2, mentions: 0 });
    await ada.call(`POST /messages/${fourth.id}/move`, { channelId: two });
    expect(await agree()).toEqual({ one: { unread: 1, mentions: 0 }, two: { unread: 1, mentions: 0 } });
    await cat.call(`POST /channels/${one}/mark-unread`, { seq: second.seq });
    expect((await agree()).one).toEqual({ unread: 3, mentions: 1 });
    await cat.call(`DELETE /channels/${two}/members/${cat.id}`);
    expect((await agree()).two).toBeUndefined();
    await cat.call(`POST /channels/${two}/join`);
    await ada.post(two, 'welcome back');
    expect((await agree()).two).toEqual({ unread: 1, mentions: 0 });
    expect((await cat.call(`POST /workspaces/${w}/mark-all-read`)).status).toBe(204);
    await agree();
    expect(await unread(cat)).toEqual({ channels: [], threads: { unreadCount: 0, mentionCount: 0 } });
    await Promise.all([phone.close(), laptop.close()]);
  });

  it('who has read a message is told by those who want to know of others, too', async () => {
    const c = await room();
    const message = await ada.post(c, 'have you seen this?');
    const readers = async () =>
      (await ada.call<Receipts>(`GET /messages/${message.id}/receipts`)).body.readers.data.map(
        ({ name }) => name,
      );
    expect(await readers()).toEqual([]);
    await Promise.all([read(bob, c, message.seq), read(cat, c, message.seq)]);
    expect(await readers()).toEqual(['Bob', 'Cat']);
    await bob.call('PATCH /me/preferences', { readReceipts: false });
    expect(await readers()).toEqual(['Cat']);
    expect((await bob.call(`GET /messages/${message.id}/receipts`)).body.code).toBe('receipts.disabled');
    await bob.call('PATCH /me/preferences', { readReceipts: true });
    expect(await readers()).toEqual(['Bob', 'Cat']);
  });
});
