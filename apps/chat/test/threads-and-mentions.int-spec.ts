import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Bootstrap, Message, MyChannel, Page, ParleyEvent, Wording } from '#contracts';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('threads, mentions and what becomes of messages', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let eve: Person;
  let w: string;
  let c: string;
  let sql: Client;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob, eve] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Eve')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
    c = await chat.channel(ada, w);
    await chat.call(`POST /channels/${c}/join`, { token: bob.token });
    sql = new Client({ connectionString: chat.database.url });
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await chat.stop();
  });

  const post = (who: Person, body: object, channelId = c) =>
    chat.call<Message>(`POST /channels/${channelId}/messages`, {
      body: { clientMessageId: randomUUID(), ...body },
      token: who.token,
    });
  const get = async (id: string, who = ada) =>
    (await chat.call<Message>(`GET /messages/${id}`, { token: who.token })).body;
  const mine = async (who: Person, channelId = c): Promise<MyChannel> => {
    const { body } = await chat.call<Bootstrap>(`GET /workspaces/${w}/bootstrap`, { token: who.token });
    return body.channels.find((my) => my.channel.id === channelId) as MyChannel;
  };
  const eventsOf = async (id: string): Promise<ParleyEvent[]> =>
    (await chat.events(w)).filter((event) => 'message' in event.data && event.data.message.id === id);

  it('keeps replies out of the channel, in one gap-free seq with it, and sums the thread up', async () => {
    const { body: root } = await post(ada, { text: 'shall we?' });
    const { body: reply } = await post(bob, { text: 'yes', threadId: root.id });
    const { body: shown } = await post(ada, { text: 'then now', threadId: root.id, alsoInChannel: true });
    expect([reply.seq - root.seq, shown.seq - reply.seq]).toEqual([1, 1]);
    expect(reply).toMatchObject({ threadId: root.id, inChannel: false, version: 1 });
    expect(reply.ordinal).toBeUndefined();
    expect(shown).toMatchObject({ inChannel: true, ordinal: (root.ordinal ?? 0) + 1 });
    const history = await chat.call<Page<Message>>(`GET /channels/${c}/messages?after=${root.seq - 1}`, {
      token: bob.token,
    });
    expect(history.body.data.map((message) => message.id)).toEqual([root.id, shown.id]);
    const thread = await chat.call<Page<Message>>(`GET /messages/${root.id}/thread`, { token: bob.token });
    expect(thread.body.data).toEqual([reply, shown]);
    const summary = (await get(root.id)).thread;
    expect(summary).toMatchObject({ replyCount: 2, lastSeq: shown.seq, version: 2 });
    expect(summary?.participantIds.sort()).toEqual([ada.id, bob.id].sort());
    await eventually(async () => {
      const [event] = await eventsOf(shown.id);
      expect(event).toMatchObject({ type: 'message.created', data: { message: shown, thread: summary } });
    });
  });

  it('follows for whoever replies, began, or was called there', async () => {
    const { body: root } = await post(ada, { text: 'root' });
    await post(bob, { text: 'reply', threadId: root.id });
    const members = async () =>
      (
        await sql.query<{ user_id: string; following: boolean; last_read_seq: string }>(
          `SELECT user_id, following, last_read_seq FROM chat.thread_members WHERE thread_id = $1`,
          [root.id],
        )
      ).rows;
    expect((await members()).map((row) => [row.user_id, Number(row.last_read_seq)]).sort()).toEqual(
      [
        [ada.id, root.seq],
        [bob.id, root.seq + 1],
      ].sort(),
    );
    // Eve is not in the channel: nobody follows for her.
    await post(bob, { text: `<@${eve.id}> look`, threadId: root.id });
    expect(await members()).toHaveLength(2);
  });

  it('takes replies only to messages of the channel that are no replies themselves', async () => {
    const other = await chat.channel(ada, w);
    const { body: elsewhere } = await post(ada, { text: 'elsewhere' }, other);
    const { body: root } = await post(ada, { text: 'root' });
    const { body: reply } = await post(ada, { text: 'reply', threadId: root.id });
    for (const threadId of [
      elsewhere.id,
      reply.id,
      root.id.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ]) {
      const refused = await post(ada, { text: 'no', threadId });
      expect(refused.body).toMatchObject({ code: 'thread.not_found', errors: [{ pointer: '/threadId' }] });
    }
    await chat.call(`DELETE /messages/${root.id}`, { token: ada.token });
    expect((await post(ada, { text: 'the thread goes on', threadId: root.id })).status).toBe(201);
    const { body: single } = await post(ada, { text: 'nobody replied' });
    await chat.call(`DELETE /messages/${single.id}`, { token: ada.token });
    expect((await post(ada, { text: 'too late', threadId: single.id })).body.code).toBe('thread.not_found');
    const lost = await post(ada, { text: 'x', alsoInChannel: true });
    expect(lost.body.errors?.[0]?.pointer).toBe('/alsoInChannel');
  });

  it('counts a deleted reply out and says so with the root', async () => {
    const { body: root } = await post(ada, { text: 'root' });
    const { body: first } = await post(bob, { text: 'one', threadId: root.id });
    const { body: second } = await post(bob, { text: 'two', threadId: root.id });
    await chat.call(`DELETE /messages/${second.id}`, { token: bob.token });
    const now = await get(root.id);
    expect(now.thread).toMatchObject({ replyCount: 1, lastSeq: first.seq, version: 3 });
    expect(now.version).toBe(2);
    await eventually(async () =>
      expect((await eventsOf(root.id)).at(-1)).toMatchObject({ data: { message: now } }),
    );
  });

  it('counts mentions of me, everyone and nobody twice, and forgets them with the message', async () => {
    const channel = await chat.channel(ada, w);
    await chat.call(`POST /channels/${channel}/join`, { token: bob.token });
    const { body: called } = await post(
      ada,
      { text: `<@${bob.id}> and <@${bob.id}> and <@${ada.id}>` },
      channel,
    );
    expect(called.mentions).toEqual([
      { kind: 'user', id: bob.id },
      { kind: 'user', id: ada.id },
    ]);
    const { body: all } = await post(ada, { text: '@channel' }, channel);
    await post(ada, { text: '`@channel` in code' }, channel);
    expect(await mine(bob, channel)).toMatchObject({ mentionSeqs: [called.seq, all.seq], removedSeqs: [] });
    expect((await mine(ada, channel)).mentionSeqs).toEqual([]);
    await chat.call(`PATCH /messages/${called.id}`, { body: { text: 'never mind' }, token: ada.token });
    expect((await mine(bob, channel)).mentionSeqs).toEqual([all.seq]);
    await chat.call(`DELETE /messages/${all.id}`, { token: ada.token });
    expect(await mine(bob, channel)).toMatchObject({ mentionSeqs: [], removedSeqs: [all.seq] });
    const many = Array.from({ length: 101 }, () => `<@${randomUUID()}>`).join(' ');
    expect((await post(ada, { text: many }, channel)).body.code).toBe('message.too_many_mentions');
    const { body: quiet } = await post(ada, { text: 'quiet' }, channel);
    const edited = await chat.call(`PATCH /messages/${quiet.id}`, { body: { text: many }, token: ada.token });
    expect(edited.body.code).toBe('message.too_many_mentions');
  });

  it('marks as unread from a message on, and reads on from there', async () => {
    const channel = await chat.channel(ada, w);
    for (const text of ['1', '2', '3']) await post(ada, { text }, channel);
    const back = await chat.call(`POST /channels/${channel}/mark-unread`, {
      body: { seq: 2 },
      token: ada.token,
    });
    expect(back.body).toMatchObject({ lastReadSeq: 1, lastReadOrdinal: 1, movedAtSeq: 3, cursorVersion: 1 });
    const late = await chat.call(`PUT /channels/${channel}/read-cursor`, {
      body: { seq: 1 },
      token: ada.token,
    });
    expect(late.body).toMatchObject({ lastReadSeq: 1, cursorVersion: 1 });
    const on = await chat.call(`PUT /channels/${channel}/read-cursor`, {
      body: { seq: 99 },
      token: ada.token,
    });
    expect(on.body).toMatchObject({ lastReadSeq: 3, lastReadOrdinal: 3, cursorVersion: 2 });
  });

  it('keeps every wording, and refuses an edit of an older version', async () => {
    const { body: message } = await post(ada, { text: 'first' });
    const edit = (text: string, ifMatch?: string) =>
      chat.call<Message>(`PATCH /messages/${message.id}`, {
        body: { text },
        token: ada.token,
        headers: ifMatch ? { 'if-match': ifMatch } : {},
      });
    const second = await edit('second', '"1"');
    expect([second.body.version, second.headers['etag']]).toEqual([2, '"2"']);
    expect((await edit('third', '"1"')).body.code).toBe('precondition.failed');
    const races = await Promise.all([edit('left', '"2"'), edit('right', '"2"')]);
    expect(races.map((reply) => reply.status).sort()).toEqual([200, 412]);
    const { body } = await chat.call<Page<Wording>>(`GET /messages/${message.id}/history`, {
      token: bob.token,
    });
    expect(body.data.map(({ version, text }) => [version, text])).toEqual([
      [1, 'first'],
      [2, 'second'],
      [3, (await get(message.id)).text],
    ]);
    expect((await chat.call(`GET /messages/${message.id}/history`, { token: eve.token })).body.code).toBe(
      'message.not_found',
    );
    await chat.call(`DELETE /messages/${message.id}`, { token: ada.token });
    expect((await chat.call(`GET /messages/${message.id}/history`, { token: ada.token })).body.code).toBe(
      'message.deleted',
    );
    expect(
      (await sql.query(`SELECT 1 FROM chat.message_edits WHERE message_id = $1`, [message.id])).rows,
    ).toEqual([]);
  });

  it('lets only some post where others read, and makes people wait where it is slow', async () => {
    const channel = await chat.channel(ada, w);
    await chat.call(`POST /channels/${channel}/join`, { token: bob.token });
    await sql.query(`UPDATE chat.channels SET posting = 'admins' WHERE id = $1`, [channel]);
    expect((await post(bob, { text: 'may I?' }, channel)).body.code).toBe('channel.read_only');
    expect((await post(ada, { text: 'I may' }, channel)).status).toBe(201);
    await sql.query(`UPDATE chat.channels SET posting = 'everyone', slow_mode_seconds = 60 WHERE id = $1`, [
      channel,
    ]);
    const once = await Promise.all([
      post(bob, { text: 'one' }, channel),
      post(bob, { text: 'two' }, channel),
    ]);
    expect(once.map((reply) => reply.status).sort()).toEqual([201, 429]);
    const slow = await post(bob, { text: 'three' }, channel);
    expect(slow.body.code).toBe('message.slow_mode');
    expect(Number(slow.headers['retry-after'])).toBeGreaterThan(50);
    for (const text of ['a', 'b']) expect((await post(ada, { text }, channel)).status).toBe(201);
  });

  it('passes a message on that the sender may read, as it was', async () => {
    const secret = await chat.channel(ada, w, 'private');
    const { body: original } = await post(ada, { text: 'secret plan' }, secret);
    const { body: forward } = await post(ada, { text: 'see', forwardOf: original.id });
    expect(forward.forwarded).toMatchObject({
      messageId: original.id,
      senderId: ada.id,
      text: 'secret plan',
    });
    const { body: again } = await post(bob, { forwardOf: forward.id });
    expect(again).toMatchObject({ text: '', forwarded: { messageId: forward.id, text: 'see' } });
    expect((await post(bob, { forwardOf: original.id })).body.code).toBe('message.not_found');
    expect((await post(bob, {})).body.errors?.[0]?.pointer).toBe('/text');
  });

  it('sends plain and rich messages of one batch alike, whatever comes together', async () => {
    const channel = await chat.channel(ada, w);
    const { body: root } = await post(ada, { text: 'root' }, channel);
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        post(
          ada,
          n % 3 === 0 ? { text: `${n}`, threadId: root.id } : { text: n % 3 === 1 ? '@here' : `${n}` },
          channel,
        ),
      ),
    );
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([201]));
    const seqs = replies.map((reply) => reply.body.seq).sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: 60 }, (_, n) => n + 2));
    const ordinals = replies.flatMap((reply) => reply.body.ordinal ?? []).sort((a, b) => a - b);
    expect(ordinals).toEqual(Array.from({ length: 40 }, (_, n) => n + 2));
    expect((await get(root.id)).thread?.replyCount).toBe(20);
    await eventually(async () => {
      const events = (await chat.events(w)).filter(
        (event) => event.channelId === channel && event.type === 'message.created',
      );
      expect(events.map((event) => event.seq)).toEqual(Array.from({ length: 61 }, (_, n) => n + 1));
    });
  });
});
