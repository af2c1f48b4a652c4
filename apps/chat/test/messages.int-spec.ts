import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ParleyEvent, type Message, type Page } from '#contracts';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('messages', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let w: string;
  let c: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
    c = await chat.channel(ada, w);
  });
  afterAll(() => chat.stop());

  const page = async (query: string, channelId = c, person = ada) =>
    (await chat.call<Page<Message>>(`GET /channels/${channelId}/messages?${query}`, { token: person.token }))
      .body;

  it('sends a message once, however often it is sent', async () => {
    const id = randomUUID();
    const first = await chat.send(ada, c, 'hello', id);
    const again = await chat.send(ada, c, 'hello', id);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    const other = await chat.channel(ada, w);
    expect((await chat.send(ada, other, 'hello', id)).body.code).toBe('message.id_reused');
  });

  it('numbers messages without gaps though two processes write the same ids at once', async () => {
    const channel = await chat.channel(ada, w);
    const second = await chat.second();
    const ids = Array.from({ length: 60 }, () => randomUUID());
    const sends = ids.flatMap((id) => [
      chat.send(ada, channel, id, id),
      chat.send(ada, channel, id, id, second),
      chat.send(ada, channel, id, id),
    ]);
    const replies = await Promise.all(sends);
    expect(replies.filter((reply) => reply.status === 201)).toHaveLength(60);
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(120);
    const { data } = await page('limit=200', channel);
    expect(data.map((message) => message.seq)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(new Set(data.map((message) => message.clientMessageId)).size).toBe(60);
  });

  it('writes to many channels from two processes without a deadlock', async () => {
    const second = await chat.second();
    const channels = await Promise.all(Array.from({ length: 8 }, () => chat.channel(ada, w)));
    const order = Array.from({ length: 160 }, (_, index) => channels[(index * 5) % 8] as string);
    const replies = await Promise.all(
      order.map((channel, index) =>
        chat.send(ada, channel, `${index}`, randomUUID(), index % 2 ? second : chat.app),
      ),
    );
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([201]));
  });

  it('emits events that are valid and equal to what reading returns', async () => {
    const channel = await chat.channel(ada, w);
    const sent = await chat.send(ada, channel, 'say "hi" \u{1F44B}\n');
    await chat.call(`PATCH /messages/${sent.body.id}`, { body: { text: 'edited' }, token: ada.token });
    await chat.call(`DELETE /messages/${sent.body.id}`, { token: ada.token });
    await eventually(async () => {
      const events = (await chat.events(w)).filter(
        (event) => event.channelId === channel && event.type.startsWith('message.'),
      );
      expect(events.map((event) => event.type)).toEqual([
        'message.created',
        'message.updated',
        'message.deleted',
      ]);
      for (const event of events) expect(() => ParleyEvent.parse(event)).not.toThrow();
      expect(events[0]).toMatchObject({ seq: 1, actorId: ada.id, data: { message: sent.body } });
      expect(events[2]).toMatchObject({ data: { message: { text: '', seq: 1 } } });
    });
  });

  it('refuses what a message can not be and stores nothing of it', async () => {
    const send = (body: unknown) => chat.call(`POST /channels/${c}/messages`, { body, token: ada.token });
    const clientMessageId = randomUUID();
    const before = await page('limit=1');
    const pointers = async (body: unknown) => (await send(body)).body.errors?.map((error) => error.pointer);
    expect(await pointers({ clientMessageId, text: ' \n ' })).toEqual(['/text']);
    expect(await pointers({ clientMessageId, text: 'nul \u0000' })).toEqual(['/text']);
    expect(await pointers({ clientMessageId, text: 'lone \uD800' })).toEqual(['/text']);
    expect(await pointers({ clientMessageId, text: 5 })).toEqual(['/text']);
    expect(await pointers({ clientMessageId: 'x', text: 'a', extra: 1 })).toEqual([
      '/clientMessageId',
      '/extra',
    ]);
    expect((await send({ clientMessageId, text: 'x'.repeat(70_000) })).body.code).toBe('request.too_large');
    expect(
      (
        await chat.call(`POST /channels/${c}/messages`, {
          body: '{"text":',
          token: ada.token,
          headers: { 'content-type': 'application/json' },
        })
      ).body.code,
    ).toBe('request.malformed');
    expect(
      (
        await chat.call(`POST /channels/${c}/messages`, {
          body: 'text',
          token: ada.token,
          headers: { 'content-type': 'text/plain' },
        })
      ).body.code,
    ).toBe('request.unsupported_media_type');
    expect(await page('limit=1')).toEqual(before);
  });

  it('lets members write, and nobody else', async () => {
    const open = await chat.channel(ada, w);
    const secret = await chat.channel(ada, w, 'private');
    expect((await chat.send(bob, open, 'x')).body.code).toBe('channel.not_member');
    expect((await chat.send(bob, secret, 'x')).body.code).toBe('channel.not_found');
    expect((await chat.send(ada, randomUUID().replace(/^(.{14})4/, '$17'), 'x')).body.code).toBe(
      'channel.not_found',
    );
    await chat.call(`POST /channels/${open}/join`, { token: bob.token });
    expect((await chat.send(bob, open, 'x')).status).toBe(201);
    await chat.call(`DELETE /channels/${open}/members/${bob.id}`, { token: ada.token });
    expect((await chat.send(bob, open, 'y')).body.code).toBe('channel.not_member');
  });

  it('pages history both ways by seq', async () => {
    const channel = await chat.channel(ada, w);
    for (let i = 1; i <= 7; i++) await chat.send(ada, channel, `${i}`);
    const seqs = ({ data, nextCursor }: Page<Message>) => [data.map((message) => message.seq), nextCursor];
    expect(seqs(await page('limit=3', channel))).toEqual([[5, 6, 7], '5']);
    expect(seqs(await page('limit=3&before=5', channel))).toEqual([[2, 3, 4], '2']);
    expect(seqs(await page('limit=3&before=2', channel))).toEqual([[1], null]);
    expect(seqs(await page('limit=3&after=0', channel))).toEqual([[1, 2, 3], '3']);
    expect(seqs(await page('limit=3&after=6', channel))).toEqual([[7], null]);
    expect(seqs(await page('limit=3&after=7', channel))).toEqual([[], null]);
    const both = await chat.call(`GET /channels/${channel}/messages?after=1&before=2&limit=0`, {
      token: ada.token,
    });
    expect(both.body.errors?.map((error) => error.pointer)).toContain('/query/limit');
  });

  it('lets a member of the workspace read a public channel without joining', async () => {
    expect((await chat.call(`GET /channels/${c}/messages`, { token: bob.token })).status).toBe(200);
  });

  it('edits: the author does, others do not, and a deleted message stays deleted', async () => {
    await chat.call(`POST /channels/${c}/join`, { token: bob.token });
    const { body: message } = await chat.send(bob, c, 'first');
    const edit = (person: Person, text = 'second') =>
      chat.call<Message>(`PATCH /messages/${message.id}`, { body: { text }, token: person.token });
    expect((await edit(ada)).body.code).toBe('message.not_author');
    const edited = await edit(bob);
    expect(edited.body).toMatchObject({ text: 'second', seq: message.seq });
    expect(edited.body.editedAt).not.toBeNull();
    expect((await chat.call<Message>(`GET /messages/${message.id}`, { token: ada.token })).body).toEqual(
      edited.body,
    );
    expect((await chat.call(`DELETE /messages/${message.id}`, { token: ada.token })).status).toBe(204);
    expect((await chat.call(`DELETE /messages/${message.id}`, { token: bob.token })).status).toBe(204);
    expect((await edit(bob)).body.code).toBe('message.deleted');
  });

  it('deletes: the author and admins do, other members do not', async () => {
    const { body: message } = await chat.send(ada, c, 'mine');
    expect((await chat.call(`DELETE /messages/${message.id}`, { token: bob.token })).body.code).toBe(
      'message.not_author',
    );
    expect((await chat.call<Message>(`GET /messages/${message.id}`, { token: bob.token })).body.text).toBe(
      'mine',
    );
  });

  it('keeps sending while NATS is down and publishes afterwards, each once', async () => {
    const channel = await chat.channel(ada, w);
    await chat.nats.kill('SIGKILL');
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => chat.send(ada, channel, `${index}`)),
    );
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([201]));
    expect(
      (await chat.call<{ cursor: null }>(`GET /workspaces/${w}/bootstrap`, { token: ada.token })).status,
    ).toBe(200);
    await chat.nats.restart();
    await eventually(
      async () => {
        const seqs = (await chat.events(w))
          .filter((event) => event.channelId === channel && event.type === 'message.created')
          .map((event) => event.seq);
        expect(seqs).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      },
      { timeoutMs: 30_000, everyMs: 250 },
    );
  });
});
