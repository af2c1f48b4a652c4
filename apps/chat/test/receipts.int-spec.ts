import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { MAX_RECEIPT_MEMBERS, type Message, type Receipts } from '#contracts';
import { RunningChat, type Person } from './running-chat.js';

describe('read receipts', () => {
  let chat: RunningChat;
  let sql: Client;
  let ada: Person;
  let bob: Person;
  let cyd: Person;
  let dan: Person;
  let w: string;
  let c: string;
  beforeAll(async () => {
    chat = await RunningChat.start({ CHAT_ROLES: 'api' });
    sql = new Client({ connectionString: chat.database.url });
    await sql.connect();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    [cyd, dan] = [await chat.person('Cyd'), await chat.person('Dan')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, cyd, dan);
  });
  beforeEach(async () => {
    c = await chat.channel(ada, w);
    for (const person of [bob, cyd]) await join(person);
  });
  afterAll(async () => {
    await sql.end();
    await chat.stop();
  });

  const join = (person: Person) => chat.call(`POST /channels/${c}/join`, { token: person.token });
  const read = (person: Person, seq: number) =>
    chat.call(`PUT /channels/${c}/read-cursor`, { body: { seq }, token: person.token });
  const share = (person: Person, readReceipts: boolean) =>
    chat.call('PATCH /me/preferences', { body: { readReceipts }, token: person.token });
  const receipts = (id: string, by = ada, query = '') =>
    chat.call<Receipts>(`GET /messages/${id}/receipts${query}`, { token: by.token });
  const readers = async (id: string, by = ada) => {
    const { body } = await receipts(id, by);
    expect(body.count).toBe(body.readers.data.length);
    return body.readers.data.map((user) => user.id);
  };
  const reply = async (by: Person, threadId: string, more: object = {}) =>
    (
      await chat.call<Message>(`POST /channels/${c}/messages`, {
        body: { clientMessageId: randomUUID(), text: 'reply', threadId, ...more },
        token: by.token,
      })
    ).body;

  it('name those whose cursor stands at the message or after it, page by page', async () => {
    const first = (await chat.send(ada, c, 'first')).body;
    const second = (await chat.send(ada, c, 'second')).body;
    expect(await readers(first.id)).toEqual([]);
    await read(bob, first.seq);
    await read(cyd, second.seq);
    expect(await readers(first.id)).toEqual([bob.id, cyd.id]);
    expect(await readers(second.id)).toEqual([cyd.id]);
    const page = (await receipts(first.id, ada, '?limit=1')).body;
    expect([page.readers.data.map((user) => user.name), page.count]).toEqual([['Bob'], 2]);
    const next = (await receipts(first.id, ada, `?limit=1&cursor=${page.readers.nextCursor}`)).body;
    expect([next.readers.data.map((user) => user.name), next.readers.nextCursor]).toEqual([['Cyd'], null]);
    await chat.call(`POST /channels/${c}/mark-unread`, { body: { seq: 1 }, token: bob.token });
    expect(await readers(first.id)).toEqual([cyd.id]);
  });

  it('do not name those who joined after the message, though they start behind it', async () => {
    const old = (await chat.send(ada, c, 'old')).body;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await join(dan);
    const young = (await chat.send(ada, c, 'young')).body;
    await read(dan, young.seq);
    expect(await readers(old.id)).toEqual([]);
    expect(await readers(young.id)).toEqual([dan.id]);
  });

  it('of a reply come from the cursors of its thread, and of the channel only if it shows it', async () => {
    const root = (await chat.send(ada, c, 'root')).body;
    const hidden = await reply(ada, root.id);
    await chat.call(`PUT /messages/${root.id}/follow`, { token: dan.token });
    await reply(bob, root.id);
    await read(cyd, 99);
    expect(await readers(hidden.id)).toEqual([]);
    await chat.call(`PUT /messages/${root.id}/follow`, { token: cyd.token });
    const shown = await reply(ada, root.id, { alsoInChannel: true });
    expect(await readers(shown.id)).toEqual([]);
    await chat.call(`PUT /messages/${root.id}/thread-read-cursor`, {
      body: { seq: shown.seq },
      token: cyd.token,
    });
    expect(await readers(shown.id)).toEqual([cyd.id]);
    expect(await readers(hidden.id)).toEqual([]);
    await read(bob, shown.seq);
    expect(await readers(shown.id)).toEqual([bob.id, cyd.id]);
  });

  it('are shared both ways or not at all', async () => {
    const { id, seq } = (await chat.send(ada, c, 'x')).body;
    await read(bob, seq);
    await read(cyd, seq);
    await share(bob, false);
    expect(await readers(id)).toEqual([cyd.id]);
    expect(await receipts(id, bob)).toMatchObject({ status: 403, body: { code: 'receipts.disabled' } });
    await share(bob, true);
    expect(await readers(id, bob)).toEqual([bob.id, cyd.id]);
  });

  it('are for the members of the channel, of messages that are there', async () => {
    const { id } = (await chat.send(ada, c, 'x')).body;
    expect((await receipts(id, dan)).body.code).toBe('channel.not_member');
    expect((await receipts(id, await chat.person('Eve'))).body.code).toBe('message.not_found');
    const wrong = await receipts(id, ada, '?cursor=x');
    expect(wrong.body.errors?.map((error) => error.pointer)).toEqual(['/query/cursor']);
    await chat.call(`DELETE /messages/${id}`, { token: ada.token });
    expect((await receipts(id)).body.code).toBe('message.deleted');
  });

  it('are not told in a large channel', async () => {
    const { id } = (await chat.send(ada, c, 'x')).body;
    const add = (from: number, to: number) =>
      sql.query(
        `WITH people AS (
           INSERT INTO chat.users (id, kind, name) SELECT gen_random_uuid(), 'bot', 'n' || n
           FROM generate_series($3::int, $4::int) n RETURNING id
         ), members AS (
           INSERT INTO chat.workspace_members (workspace_id, user_id, role, joined_at)
           SELECT $1, id, 'member', now() FROM people RETURNING user_id
         )
         INSERT INTO chat.channel_members (channel_id, user_id, workspace_id, role, joined_at)
         SELECT $2, user_id, $1, 'member', now() FROM members`,
        [w, c, from, to],
      );
    await add(4, MAX_RECEIPT_MEMBERS);
    expect((await receipts(id)).status).toBe(200);
    await add(0, 0);
    expect(await receipts(id)).toMatchObject({ status: 409, body: { code: 'receipts.channel_too_large' } });
  });
});
