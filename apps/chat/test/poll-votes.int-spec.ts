import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message, Poll, VoterPage } from '#contracts';
import { encodeCursor } from '#core';
import { Database } from '#db';
import { newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('the votes of a poll', () => {
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
    channelId = await chat.channel(ada, workspaceId);
    await chat.call(`POST /channels/${channelId}/join`, { token: bob.token });
  });
  afterAll(() => chat.stop());

  /** So many accounts that nobody has. */
  const crowd = async (count: number) => {
    const ids = Array.from({ length: count }, () => newId.user() as string);
    await chat.app
      .get(Database)
      .execute(`INSERT INTO chat.users (id, kind, name) SELECT id, 'bot', 'n' FROM unnest($1::uuid[]) id`, [
        ids,
      ]);
    return ids;
  };
  const asked = async (more: object = {}) => {
    const poll = { question: 'Where do we eat?', options: ['here', 'there', 'nowhere'], ...more };
    const { body } = await chat.call<Message>(`POST /channels/${channelId}/messages`, {
      body: { clientMessageId: randomUUID(), poll },
      token: ada.token,
    });
    return { id: body.id, options: (body.poll as Poll).options.map((option) => option.id) as string[] };
  };
  const vote = (id: string, optionIds: unknown, by = ada) =>
    chat.call<Message>(`PUT /messages/${id}/vote`, { body: { optionIds }, token: by.token });
  const voters = (id: string, optionId: string | undefined, query = '', by = ada) =>
    chat.call<VoterPage>(`GET /messages/${id}/votes?optionId=${String(optionId)}${query}`, {
      token: by.token,
    });
  const read = async (id: string) =>
    (await chat.call<Message>(`GET /messages/${id}`, { token: ada.token })).body;

  it.each([
    [true, false],
    [true, true],
    [false, false],
    [false, true],
  ])(
    'are summed up by the database as one would by hand (several: %s, anonymous: %s)',
    async (multiple, anonymous) => {
      const { id, options } = await asked({ multiple, anonymous });
      const db = chat.app.get(Database);
      const people = await crowd(60);
      const chosen = people.map((userId, n) => ({
        userId,
        at: new Date(Date.UTC(2026, 0, 1) + ((n * 37) % 25) * 1000),
        optionIds: multiple
          ? options.filter((_, index) => (n >> index) % 2 === 1)
          : [options[n % 4]].filter(Boolean),
      }));
      const votes = chosen.flatMap(({ optionIds, ...vote }) =>
        optionIds.map((optionId) => ({ ...vote, optionId })),
      );
      for (const { optionId, userId, at } of votes)
        await db.execute('INSERT INTO chat.poll_votes VALUES ($1, $2, $3, $4)', [id, optionId, userId, at]);
      await db.execute('UPDATE chat.messages SET decorated = true WHERE id = $1', [id]);
      const inOrder = (optionId: string) =>
        votes
          .filter((vote) => vote.optionId === optionId)
          .sort((a, b) => +a.at - +b.at || (a.userId < b.userId ? -1 : 1))
          .map(({ userId }) => userId);
      const { poll } = await read(id);
      expect(poll?.tallies).toEqual(
        options.map((optionId) => ({
          optionId,
          count: inOrder(optionId).length,
          ...(anonymous ? {} : { userIds: inOrder(optionId).slice(0, 20) }),
        })),
      );
      expect(poll?.totalVoters).toBe(new Set(votes.map(({ userId }) => userId)).size);
      if (anonymous) expect(people.some((userId) => JSON.stringify(poll).includes(userId))).toBe(false);
    },
  );

  it('with 50,000 votes are read at once, and to the last voter', async () => {
    const db = chat.app.get(Database);
    const people = await crowd(25_000);
    const { id, options } = await asked({ multiple: true });
    await db.execute(
      `INSERT INTO chat.poll_votes SELECT $1, o, p, '2026-01-01' FROM unnest($2::uuid[]) o, unnest($3::uuid[]) p`,
      [id, options.slice(0, 2), people],
    );
    await db.execute('UPDATE chat.messages SET decorated = true WHERE id = $1', [id]);
    const times: number[] = [];
    for (let n = 0; n < 3; n++) {
      const start = performance.now();
      await read(id);
      times.push(performance.now() - start);
    }
    // Far above what it takes here, far below what it takes to send 50,000 votes from there to here.
    expect(Math.min(...times)).toBeLessThan(1_000);
    const { poll } = await read(id);
    expect(poll?.tallies.map(({ count, userIds }) => [count, userIds?.length])).toEqual([
      [25_000, 20],
      [25_000, 20],
      [0, 0],
    ]);
    expect(poll?.totalVoters).toBe(25_000);
    const last = people.toSorted().at(-2);
    const cursor = encodeCursor(['2026-01-01T00:00:00.000Z', last as string]);
    const end = (await voters(id, options[0], `&cursor=${cursor}`)).body;
    expect([end.data.map(({ user }) => user.id), end.nextCursor]).toEqual([[people.toSorted().at(-1)], null]);
  });

  it('tell who voted for what, all of them, in the order of their votes', async () => {
    const { id, options } = await asked({ multiple: true });
    const more = await Promise.all(['Cleo', 'Dora'].map((name) => chat.person(name)));
    await chat.invite(ada, workspaceId, ...more);
    for (const { token } of more) await chat.call(`POST /channels/${channelId}/join`, { token });
    const everyone = [bob, ...more, ada];
    for (const person of everyone) await vote(id, [options[0], options[1]], person);
    await vote(id, [options[0]], bob);
    const names: string[] = [];
    let query = '&limit=3';
    for (;;) {
      const { status, body } = await voters(id, options[0], query, bob);
      expect(status).toBe(200);
      names.push(...body.data.map(({ user }) => user.name));
      if (body.nextCursor === null) break;
      query = `&limit=3&cursor=${body.nextCursor}`;
    }
    expect(names).toEqual(['Bob', 'Cleo', 'Dora', 'Ada']);
    const second = (await voters(id, options[1])).body;
    expect([second.data.map(({ user }) => user.name), second.nextCursor]).toEqual([
      ['Cleo', 'Dora', 'Ada'],
      null,
    ]);
    expect((await voters(id, options[2])).body).toEqual({ data: [], nextCursor: null });
    expect(second.data.every(({ votedAt }) => Date.now() - Date.parse(votedAt) < 60_000)).toBe(true);
  });

  it('tell that to those who may read the message, of their own options, and never of anonymous ones', async () => {
    const { id, options } = await asked();
    const secret = await asked({ anonymous: true });
    await vote(secret.id, [secret.options[0]], bob);
    const stranger = await chat.person('Mallory');
    const [refused, foreign, hidden, without, wrong] = await Promise.all([
      voters(secret.id, secret.options[0]),
      voters(id, secret.options[0]),
      voters(id, options[0], '', stranger),
      voters((await chat.send(ada, channelId, 'no question')).body.id, options[0]),
      voters(id, options[0], '&cursor=x'),
    ]);
    expect([refused.status, refused.body.code]).toEqual([403, 'poll.anonymous']);
    expect(JSON.stringify(refused.body)).not.toContain(bob.id);
    expect(foreign.body.errors?.[0]?.pointer).toBe('/query/optionId');
    expect(hidden.body.code).toBe('message.not_found');
    expect(without.body.code).toBe('poll.not_found');
    expect(wrong.body.errors?.[0]?.pointer).toBe('/query/cursor');
    const missing = await chat.call(`GET /messages/${id}/votes`, { token: ada.token });
    expect(missing.body.errors?.[0]?.pointer).toBe('/query/optionId');
  });
});
