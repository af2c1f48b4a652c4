import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message, MovedMessage, MyVote, Poll } from '#contracts';
import { Database } from '#db';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

const soon = (ms: number) => new Date(Date.now() + ms).toISOString();

describe('polls', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    workspaceId = (await chat.workspace(ada)).id;
    await chat.invite(ada, workspaceId, bob);
  });
  beforeEach(async () => {
    channelId = await chat.channel(ada, workspaceId);
    await chat.call(`POST /channels/${channelId}/join`, { token: bob.token });
  });
  afterAll(() => chat.stop());

  const ask = (poll: object = {}, by = ada) =>
    chat.call<Message>(`POST /channels/${channelId}/messages`, {
      body: {
        clientMessageId: randomUUID(),
        poll: { question: 'Where do we eat?', options: ['here', 'there', 'nowhere'], ...poll },
      },
      token: by.token,
    });
  const asked = async (poll: object = {}, by = ada) => {
    const { id, poll: made } = (await ask(poll, by)).body;
    return { id, options: (made as Poll).options.map((option) => option.id) as string[] };
  };
  const vote = (id: string, optionIds: unknown, by = ada) =>
    chat.call<Message>(`PUT /messages/${id}/vote`, { body: { optionIds }, token: by.token });
  const mine = (id: string, by = ada) => chat.call<MyVote>(`GET /messages/${id}/vote`, { token: by.token });
  const close = (id: string, by = ada) =>
    chat.call<Message>(`POST /messages/${id}/close-poll`, { token: by.token });
  const read = async (id: string) =>
    (await chat.call<Message>(`GET /messages/${id}`, { token: ada.token })).body;
  const counts = (message: Message) => message.poll?.tallies.map(({ count }) => count);
  const updates = async (id: string) =>
    (await chat.events(workspaceId)).flatMap((event) =>
      event.type === 'message.updated' && event.data.message.id === id
        ? [{ actorId: event.actorId, message: event.data.message }]
        : [],
    );

  it('are sent with a message and have no votes yet', async () => {
    const { status, body } = await ask();
    expect(status).toBe(201);
    expect(body.poll).toMatchObject({
      question: 'Where do we eat?',
      multiple: false,
      anonymous: false,
      closesAt: null,
      closedAt: null,
      totalVoters: 0,
    });
    expect(body.poll?.options.map(({ text }) => text)).toEqual(['here', 'there', 'nowhere']);
    expect(counts(body)).toEqual([0, 0, 0]);
  });

  it('count what people vote, the last time', async () => {
    const { id, options } = await asked();
    await vote(id, [options[0]]);
    const second = await vote(id, [options[1]], bob);
    expect(counts(second.body)).toEqual([1, 1, 0]);
    const changed = await vote(id, [options[1]]);
    expect(changed.body.poll).toMatchObject({ totalVoters: 2 });
    expect(changed.body.poll?.tallies).toEqual([
      { optionId: options[0], count: 0, userIds: [] },
      { optionId: options[1], count: 2, userIds: [bob.id, ada.id] },
      { optionId: options[2], count: 0, userIds: [] },
    ]);
    expect((await mine(id)).body).toEqual({ optionIds: [options[1]] });
    expect(counts((await vote(id, [], bob)).body)).toEqual([0, 1, 0]);
    expect((await mine(id, bob)).body).toEqual({ optionIds: [] });
    await eventually(async () => {
      const told = await updates(id);
      expect(told.map(({ actorId }) => actorId)).toEqual([ada.id, bob.id, ada.id, bob.id]);
      expect(told.at(-1)?.message).toEqual(await read(id));
    });
  });

  it('do not change, and tell nobody, when the same is voted again', async () => {
    const { id, options } = await asked({ multiple: true });
    const first = await vote(id, [options[2], options[0]]);
    expect((await mine(id)).body).toEqual({ optionIds: [options[0], options[2]] });
    expect((await vote(id, [options[0], options[2], options[0]])).body).toEqual(first.body);
    await vote(id, [options[0]]);
    await chat.published();
    expect(await updates(id)).toHaveLength(2);
  });

  it('that are anonymous name nobody who votes, in no event either', async () => {
    const { id, options } = await asked({ anonymous: true });
    const { body } = await vote(id, [options[0]], bob);
    expect(body.poll?.tallies[0]).toEqual({ optionId: options[0], count: 1 });
    expect((await mine(id, bob)).body).toEqual({ optionIds: [options[0]] });
    await chat.published();
    expect(await updates(id)).toHaveLength(1);
    expect(JSON.stringify(await updates(id))).not.toContain(bob.id);
  });

  it('count one vote of a person who votes on many devices at once', async () => {
    const { id, options } = await asked();
    const replies = await Promise.all(
      Array.from({ length: 9 }, (_, index) => vote(id, [options[index % 3]])),
    );
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    const message = await read(id);
    expect(message.poll?.totalVoters).toBe(1);
    expect(counts(message)?.reduce((sum, count) => sum + count, 0)).toBe(1);
    const chosen = message.poll?.tallies.find(({ count }) => count === 1)?.optionId;
    expect((await mine(id)).body).toEqual({ optionIds: [chosen] });
  });

  it('count everyone who votes at once', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, () => chat.person('Carol')));
    await chat.invite(ada, workspaceId, ...people);
    for (const { token } of people) await chat.call(`POST /channels/${channelId}/join`, { token });
    const { id, options } = await asked();
    await Promise.all(people.map((person, index) => vote(id, [options[index % 2]], person)));
    expect(counts(await read(id))).toEqual([4, 4, 0]);
    await eventually(async () => {
      const versions = (await updates(id)).map(({ message }) => message.version);
      expect(versions.toSorted((a, b) => a - b)).toEqual(people.map((_, index) => index + 2));
    });
  });

  it('are closed by their author, and then nobody votes', async () => {
    const { id, options } = await asked({}, bob);
    await vote(id, [options[0]]);
    const closed = await close(id, bob);
    expect(closed.body.poll?.closedAt).not.toBeNull();
    expect((await close(id, bob)).body).toEqual(closed.body);
    const late = await vote(id, [options[1]]);
    expect([late.status, late.body.code]).toEqual([409, 'poll.closed']);
    expect(counts(await read(id))).toEqual([1, 0, 0]);
  });

  it('are closed by admins too, and by no other member', async () => {
    const ofBob = await asked({}, bob);
    expect((await close(ofBob.id)).status).toBe(200);
    const ofAda = await asked();
    const refused = await close(ofAda.id, bob);
    expect([refused.status, refused.body.code]).toEqual([403, 'message.not_author']);
  });

  it('close by themselves at their time', async () => {
    const { id, options } = await asked({ closesAt: soon(1500) });
    await vote(id, [options[0]]);
    await eventually(async () => expect((await read(id)).poll?.closedAt).not.toBeNull());
    expect((await vote(id, [options[1]])).body.code).toBe('poll.closed');
    await eventually(async () => expect((await updates(id)).at(-1)?.message).toEqual(await read(id)));
  });

  it('close by themselves where they were moved to, with their votes', async () => {
    const elsewhere = await chat.channel(ada, workspaceId);
    const { id, options } = await asked({ closesAt: soon(3000) });
    await vote(id, [options[1]], bob);
    const moved = await chat.call<MovedMessage>(`POST /messages/${id}/move`, {
      body: { channelId: elsewhere },
      token: ada.token,
    });
    const there = moved.body.message.id;
    expect(counts(await read(there))).toEqual([0, 1, 0]);
    await eventually(async () => expect((await read(there)).poll?.closedAt).not.toBeNull());
  });

  it('are closed at their time though no worker has been there', async () => {
    const { id, options } = await asked({ closesAt: soon(3600_000) });
    await chat.app
      .get(Database)
      .execute(
        `UPDATE chat.messages SET poll = jsonb_set(poll, '{closesAt}', '"2026-01-01T00:00:00Z"') WHERE id = $1`,
        [id],
      );
    expect((await vote(id, [options[0]])).body.code).toBe('poll.closed');
    expect((await read(id)).poll?.closedAt).toBeNull();
  });

  it('end with their message', async () => {
    const closesAt = soon(3000);
    const { id, options } = await asked({ closesAt });
    await vote(id, [options[0]]);
    await chat.call(`DELETE /messages/${id}`, { token: ada.token });
    const reply = await vote(id, [options[1]]);
    expect([reply.status, reply.body.code]).toEqual([410, 'message.deleted']);
    expect((await close(id)).body.code).toBe('message.deleted');
    const other = await asked({ closesAt: new Date(Date.parse(closesAt) + 300).toISOString() });
    await eventually(async () => expect((await read(other.id)).poll?.closedAt).not.toBeNull());
    expect((await read(id)).version).toBe(3);
  });

  it('are for members of the channel', async () => {
    const { id, options } = await asked();
    const [outsider, stranger] = [await chat.person('Eve'), await chat.person('Mallory')];
    await chat.invite(ada, workspaceId, outsider);
    expect((await vote(id, [options[0]], outsider)).body.code).toBe('channel.not_member');
    expect((await close(id, outsider)).body.code).toBe('channel.not_member');
    for (const call of [vote(id, [options[0]], stranger), close(id, stranger), mine(id, stranger)])
      expect((await call).body.code).toBe('message.not_found');
    await chat.app
      .get(Database)
      .execute('UPDATE chat.channels SET archived_at = now() WHERE id = $1', [channelId]);
    expect((await vote(id, [options[0]])).body.code).toBe('channel.archived');
  });

  it('are open to guests who are in the channel', async () => {
    const guest = await chat.person('Gus');
    await chat.invite(ada, workspaceId, guest);
    await chat.call(`POST /channels/${channelId}/join`, { token: guest.token });
    await chat.app
      .get(Database)
      .execute(`UPDATE chat.workspace_members SET role = 'guest' WHERE user_id = $1`, [guest.id]);
    const { id, options } = await asked();
    expect(counts((await vote(id, [options[2]], guest)).body)).toEqual([0, 0, 1]);
    expect((await ask({}, guest)).status).toBe(201);
  });

  it('are on messages that have one', async () => {
    const { id } = (await chat.send(ada, channelId, 'no question')).body;
    for (const call of [vote(id, []), close(id), mine(id)]) {
      const reply = await call;
      expect([reply.status, reply.body.code]).toEqual([404, 'poll.not_found']);
    }
  });

  it('are refused votes that they do not have', async () => {
    const { id, options } = await asked();
    const foreign = (await asked()).options[0];
    for (const [optionIds, pointer] of [
      [[foreign], '/optionIds/0'],
      [[options[0], options[1]], '/optionIds'],
      [['here'], '/optionIds/0'],
      ['here', '/optionIds'],
      [Array.from({ length: 21 }, () => options[0]), '/optionIds'],
    ] as const) {
      const reply = await vote(id, optionIds);
      expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
    }
    expect(counts(await read(id))).toEqual([0, 0, 0]);
  });

  it.each([
    ['one option', { options: ['here'] }, '/poll/options'],
    ['too many', { options: Array.from({ length: 21 }, (_, index) => `place ${index}`) }, '/poll/options'],
    ['options that are the same', { options: ['Here', 'here '] }, '/poll/options'],
    ['an option that nobody can see', { options: ['here', '\u200b'] }, '/poll/options/1'],
    ['no question', { question: '' }, '/poll/question'],
    ['an end in the past', { closesAt: '2026-01-01T00:00:00Z' }, '/poll/closesAt'],
    ['an end too far away', { closesAt: soon(400 * 24 * 3600_000) }, '/poll/closesAt'],
  ])('are refused with %s', async (_name, poll, pointer) => {
    const reply = await ask(poll);
    expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });
});
