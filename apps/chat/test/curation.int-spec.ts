import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  ListedSavedItem,
  Message,
  MovedMessage,
  MyChannel,
  Page,
  ParleyEvent,
  SavedItem,
} from '#contracts';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('pinning, saving and moving', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let eve: Person;
  let w: string;
  let c: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob, eve] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Eve')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
    c = await open();
  });
  afterAll(() => chat.stop());

  /** A channel with both in it, Ada as its admin. */
  const open = async () => {
    const id = await chat.channel(ada, w);
    await chat.call(`POST /channels/${id}/join`, { token: bob.token });
    return id;
  };
  const post = async (who: Person, text: string, more: object = {}, channelId = c) =>
    (
      await chat.call<Message>(`POST /channels/${channelId}/messages`, {
        body: { clientMessageId: randomUUID(), text, ...more },
        token: who.token,
      })
    ).body;
  const get = (id: string, who = ada) => chat.call<Message>(`GET /messages/${id}`, { token: who.token });
  const told = async (type: string, about: (event: ParleyEvent) => boolean) =>
    (await chat.events(w)).filter((event) => event.type === type && about(event));

  describe('pins', () => {
    const pin = (who: Person, id: string) =>
      chat.call<Message>(`PUT /messages/${id}/pin`, { token: who.token });
    const pins = async (channelId: string, query = '') =>
      (await chat.call<Page<Message>>(`GET /channels/${channelId}/pins${query}`, { token: bob.token })).body;

    it('are put and taken off once, newest first, and told with the message', async () => {
      const channel = await open();
      const [one, two] = [await post(ada, '1', {}, channel), await post(ada, '2', {}, channel)];
      const first = await pin(bob, one.id);
      expect(first.body).toMatchObject({ version: 2, pinned: { userId: bob.id } });
      expect((await pin(ada, one.id)).body).toEqual(first.body);
      await pin(ada, two.id);
      expect((await pins(channel)).data.map((message) => message.id)).toEqual([two.id, one.id]);
      const page = await pins(channel, '?limit=1');
      const rest = await pins(channel, `?limit=1&cursor=${page.nextCursor ?? ''}`);
      expect([...page.data, ...rest.data].map((message) => message.id)).toEqual([two.id, one.id]);
      const off = await chat.call<Message>(`DELETE /messages/${one.id}/pin`, { token: bob.token });
      expect(off.body.pinned).toBeUndefined();
      expect((await pins(channel)).data).toHaveLength(1);
      await eventually(async () => {
        const events = await told(
          'message.updated',
          (e) => 'message' in e.data && e.data.message.id === one.id,
        );
        expect(events.map((event) => event.data)).toEqual([{ message: first.body }, { message: off.body }]);
      });
    });

    it('go with the message, and stay away from strangers, archived channels and the hundred-and-first', async () => {
      const channel = await open();
      const gone = await post(ada, 'gone', {}, channel);
      await pin(ada, gone.id);
      await chat.call(`DELETE /messages/${gone.id}`, { token: ada.token });
      expect((await pins(channel)).data).toEqual([]);
      expect((await pin(ada, gone.id)).body.code).toBe('message.deleted');
      expect((await pin(eve, gone.id)).body.code).toBe('message.not_found');
      const ids = await Promise.all(
        Array.from({ length: 103 }, async (_, n) => (await post(ada, `${n}`, {}, channel)).id),
      );
      const replies = await Promise.all(ids.map((id) => pin(ada, id)));
      expect(replies.filter((reply) => reply.status === 200)).toHaveLength(100);
      expect(replies.filter((reply) => reply.body.code === 'channel.too_many_pins')).toHaveLength(3);
    });
  });

  describe('saved items', () => {
    const save = (who: Person, id: string, done?: boolean) =>
      chat.call<SavedItem>(`PUT /messages/${id}/saved`, {
        body: done === undefined ? {} : { done },
        token: who.token,
      });
    const list = async (who: Person, query = '') =>
      (await chat.call<Page<ListedSavedItem>>(`GET /workspaces/${w}/saved${query}`, { token: who.token }))
        .body;

    it('are mine alone, open until done, and gone when dropped', async () => {
      const message = await post(ada, 'read this');
      const saved = await save(bob, message.id);
      expect(saved.body).toMatchObject({ messageId: message.id, done: false, version: 1 });
      expect((await save(bob, message.id)).body).toEqual(saved.body);
      expect((await list(bob)).data).toEqual([{ item: saved.body, message }]);
      expect((await list(ada)).data).toEqual([]);
      const done = await save(bob, message.id, true);
      expect(done.body).toMatchObject({ done: true, version: 2, savedAt: saved.body.savedAt });
      expect([(await list(bob)).data.length, (await list(bob, '?done=true')).data.length]).toEqual([0, 1]);
      for (let again = 0; again < 2; again++)
        expect((await chat.call(`DELETE /messages/${message.id}/saved`, { token: bob.token })).status).toBe(
          204,
        );
      expect((await list(bob, '?done=true')).data).toEqual([]);
      expect((await save(bob, message.id)).body.version).toBe(4);
      await eventually(async () => {
        const mine = (e: ParleyEvent) => e.actorId === bob.id;
        const updates = await told('saved_item.updated', mine);
        expect(updates.map((e) => (e.data as { item: SavedItem }).item.version)).toEqual([1, 2, 4]);
        expect((await told('saved_item.removed', mine)).map((e) => e.data)).toEqual([
          { messageId: message.id, version: 3 },
        ]);
      });
    });

    it('outlive access without their words', async () => {
      const secret = await chat.channel(ada, w, 'private');
      await chat.call(`POST /channels/${secret}/members`, { body: { userId: bob.id }, token: ada.token });
      const message = await post(ada, 'secret', {}, secret);
      await save(bob, message.id);
      await chat.call(`DELETE /channels/${secret}/members/${bob.id}`, { token: ada.token });
      const item = (await list(bob)).data.find((entry) => entry.item.messageId === message.id);
      expect(item?.message).toBeNull();
      expect((await save(eve, message.id)).body.code).toBe('message.not_found');
      expect((await chat.call(`GET /workspaces/${w}/saved`, { token: eve.token })).body.code).toBe(
        'workspace.not_found',
      );
    });
  });

  describe('moving', () => {
    const move = (who: Person, id: string, channelId: string) =>
      chat.call<MovedMessage>(`POST /messages/${id}/move`, { body: { channelId }, token: who.token });

    it('takes a thread with all that hangs on it, in order, and leaves word of where it went', async () => {
      const [from, to] = [await open(), await open()];
      await post(bob, 'already here', {}, to);
      const root = await post(bob, `for <@${ada.id}>`, {}, from);
      const reply = await post(ada, 'reply', { threadId: root.id }, from);
      const shown = await post(bob, 'shown too', { threadId: root.id, alsoInChannel: true }, from);
      const between = await post(ada, 'stays', {}, from);
      await chat.call(`PATCH /messages/${root.id}`, {
        body: { text: `now for <@${ada.id}>` },
        token: bob.token,
      });
      const { body } = await move(ada, root.id, to);
      expect(body.moved).toBe(3);
      expect(body.message).toMatchObject({
        channelId: to,
        senderId: bob.id,
        text: `now for <@${ada.id}>`,
        createdAt: root.createdAt,
        seq: 2,
        ordinal: 2,
        thread: { replyCount: 2 },
      });
      const replies = await chat.call<Page<Message>>(`GET /messages/${body.message.id}/thread`, {
        token: bob.token,
      });
      expect(
        replies.body.data.map(({ text, seq, ordinal, inChannel }) => [text, seq, ordinal, inChannel]),
      ).toEqual([
        ['reply', 3, undefined, false],
        ['shown too', 4, 3, true],
      ]);
      expect((await get(root.id)).body).toMatchObject({
        text: '',
        movedTo: { channelId: to, messageId: body.message.id },
      });
      expect((await get(reply.id)).body.movedTo?.messageId).toBe(replies.body.data[0]?.id);
      const wordings = await chat.call<Page<unknown>>(`GET /messages/${body.message.id}/history`, {
        token: bob.token,
      });
      expect(wordings.body.data).toHaveLength(2);
      const badge = async (channelId: string) =>
        (
          await chat.call<{ channels: MyChannel[] }>(`GET /workspaces/${w}/bootstrap`, { token: ada.token })
        ).body.channels.find((my) => my.channel.id === channelId);
      expect(await badge(to)).toMatchObject({ channel: { lastSeq: 4, lastOrdinal: 3 }, mentionSeqs: [2] });
      expect(await badge(from)).toMatchObject({ channel: { lastSeq: 4 }, lastReadSeq: 4, mentionSeqs: [] });
      await eventually(async () => {
        const created = await told('message.created', (e) => e.channelId === to);
        expect(created.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
        const deleted = await told('message.deleted', (e) => e.channelId === from);
        expect(deleted.map((event) => event.seq)).toEqual([root.seq, reply.seq, shown.seq]);
      });
      expect((await move(ada, root.id, to)).body.code).toBe('message.deleted');
      expect((await post(bob, 'late', { threadId: root.id }, from)).seq).toBeUndefined();
      expect((await get(between.id)).body.text).toBe('stays');
    });

    it('makes a lone reply a message of its own', async () => {
      const [from, to] = [await open(), await open()];
      const root = await post(ada, 'root', {}, from);
      const reply = await post(ada, 'off topic', { threadId: root.id }, from);
      const { body } = await move(ada, reply.id, to);
      expect(body.message.threadId).toBeUndefined();
      expect(body.message.ordinal).toBe(1);
      expect((await get(root.id)).body.thread).toBeUndefined();
    });

    it("is for moderators with others' words, and for nobody out of a conversation or a workspace", async () => {
      const [from, to] = [await open(), await open()];
      const adas = await post(ada, 'hers', {}, from);
      const bobs = await post(bob, 'his', {}, from);
      expect((await move(bob, adas.id, to)).body.code).toBe('permission.denied');
      expect((await move(bob, bobs.id, to)).status).toBe(200);
      const direct = await chat.call<MyChannel>(`POST /workspaces/${w}/dms`, {
        body: { userIds: [bob.id] },
        token: ada.token,
      });
      const said = await post(bob, 'between us', {}, direct.body.channel.id);
      expect((await move(ada, said.id, to)).body.code).toBe('message.not_author');
      const other = (await chat.workspace(ada)).id;
      expect((await move(ada, adas.id, await chat.channel(ada, other))).body.code).toBe('channel.not_found');
      expect((await move(ada, adas.id, await chat.channel(bob, w))).body.code).toBe('channel.not_member');
      expect((await move(eve, adas.id, to)).body.code).toBe('message.not_found');
      expect((await move(ada, adas.id, from)).body.moved).toBe(0);
    });

    it('keeps seq gap-free on both sides while others write, and moves a message once', async () => {
      const [from, to] = [await open(), await open()];
      const messages = await Promise.all(Array.from({ length: 12 }, (_, n) => post(ada, `${n}`, {}, from)));
      const [there, back] = await Promise.all([
        Promise.all(messages.flatMap((m) => [move(ada, m.id, to), move(ada, m.id, to)])),
        Promise.all(Array.from({ length: 24 }, (_, n) => post(bob, `while ${n}`, {}, n % 2 ? from : to))),
      ]);
      expect(there.filter((reply) => reply.status === 200)).toHaveLength(12);
      expect(there.filter((reply) => reply.body.code === 'message.deleted')).toHaveLength(12);
      expect(back.every((message) => message.seq > 0)).toBe(true);
      for (const channel of [from, to]) {
        const { body } = await chat.call<Page<Message>>(`GET /channels/${channel}/messages?limit=200`, {
          token: ada.token,
        });
        expect(body.data.map((message) => message.seq)).toEqual(Array.from({ length: 24 }, (_, n) => n + 1));
        expect(body.data.map((message) => message.ordinal)).toEqual(
          Array.from({ length: 24 }, (_, n) => n + 1),
        );
      }
    });
  });

  it('opens history around a message', async () => {
    const channel = await open();
    for (let n = 1; n <= 9; n++) await post(ada, `${n}`, {}, channel);
    const seqs = async (query: string) => {
      const { body } = await chat.call<Page<Message>>(`GET /channels/${channel}/messages?${query}`, {
        token: bob.token,
      });
      return [body.data?.map((message) => message.seq), body.nextCursor ?? body.code];
    };
    expect(await seqs('around=5&limit=4')).toEqual([[3, 4, 5, 6], '3']);
    expect(await seqs('around=1&limit=4')).toEqual([[1, 2], null].map((x) => (x === null ? undefined : x)));
    expect(await seqs('around=5&after=2')).toEqual([undefined, 'request.invalid']);
  });
});
