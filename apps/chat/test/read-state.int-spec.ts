import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bootstrap, Message, Page, ReadCursor, ThreadMembership, Unread } from '#contracts';
import { eventually } from '#testing';
import { Device, recount, recountThread, type Badge } from './badges.js';
import { RunningChat, type Person } from './running-chat.js';

type Call = 'nobody' | 'everyone' | 0 | 1 | 2;
type Step = { by: number; at: number; channel: number } & (
  | { do: 'send' | 'edit'; calls: Call }
  | { do: 'reply'; calls: Call; also: boolean }
  | { do: 'delete' | 'join' | 'leave' | 'read' | 'unread' | 'both devices' | 'read all' }
  | { do: 'read thread' | 'unread thread' | 'follow' | 'unfollow' }
);

const calls = fc.constantFrom<Call>('nobody', 'everyone', 0, 1, 2);
const place = { by: fc.nat(2), at: fc.nat(30), channel: fc.nat(1) };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ ...place, do: fc.constant('send' as const), calls }) },
  {
    weight: 4,
    arbitrary: fc.record({ ...place, do: fc.constant('reply' as const), calls, also: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ ...place, do: fc.constant('edit' as const), calls }) },
  {
    weight: 9,
    arbitrary: fc.record({
      ...place,
      do: fc.constantFrom(
        ...(['delete', 'read', 'unread', 'both devices', 'read thread', 'unread thread'] as const),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...place,
      do: fc.constantFrom(...(['join', 'leave', 'read all', 'follow', 'unfollow'] as const)),
    }),
  },
);

describe('what is unread', () => {
  let chat: RunningChat;
  let people: Person[];
  beforeAll(async () => {
    chat = await RunningChat.start({ CHAT_ROLES: 'api' });
    people = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Cyd')];
  });
  afterAll(() => chat.stop());

  const by = (index: number) => people[index] as Person;
  const get = async <T>(person: Person, path: string) =>
    (await chat.call<T>(`GET ${path}`, { token: person.token })).body;
  const bootstrap = (person: Person, w: string) => get<Bootstrap>(person, `/workspaces/${w}/bootstrap`);
  const unread = (person: Person, w: string) => get<Unread>(person, `/workspaces/${w}/unread`);
  const badgesOf = ({ channels }: Unread): Record<string, Badge> =>
    Object.fromEntries(channels.map(({ channelId, ...badge }) => [channelId, badge]));
  const text = (called: Call) =>
    called === 'nobody' ? 'x' : called === 'everyone' ? 'x @channel' : `x <@${by(called).id}>`;

  /** A workspace of three people who are all in two channels. */
  const world = async () => {
    const w = (await chat.workspace(by(0))).id;
    await chat.invite(by(0), w, by(1), by(2));
    const channels = [await chat.channel(by(0), w), await chat.channel(by(0), w)];
    for (const channel of channels)
      for (const person of people) await chat.call(`POST /channels/${channel}/join`, { token: person.token });
    return { w, channels, messages: [] as Message[] };
  };
  type World = Awaited<ReturnType<typeof world>>;

  /** What a step may not do (a stranger writes, a deleted message changes) is refused, which is fine. */
  const take = async ({ w, channels, messages }: World, one: Step): Promise<void> => {
    const { token } = by(one.by);
    const c = channels[one.channel] as string;
    const call = async <T>(route: string, body?: unknown) => {
      const reply = await chat.call<T>(route, { token, body });
      expect(reply.status).toBeLessThan(500);
      return reply;
    };
    const send = async (body: object) => {
      const reply = await call<Message>(`POST /channels/${c}/messages`, {
        clientMessageId: randomUUID(),
        ...body,
      });
      if (reply.status === 201) messages.push(reply.body);
    };
    const here = messages.filter((message) => message.channelId === c);
    const chosen = here[one.at % Math.max(1, here.length)];
    const root = chosen?.threadId ?? chosen?.id;
    const newest = here.at(-1)?.seq ?? 0;
    switch (one.do) {
      case 'send':
        return send({ text: text(one.calls) });
      case 'reply':
        return root
          ? send({ text: text(one.calls), threadId: root, alsoInChannel: one.also })
          : send({ text: text(one.calls) });
      case 'edit':
        if (chosen) await call(`PATCH /messages/${chosen.id}`, { text: `${text(one.calls)} ${one.at}` });
        return;
      case 'delete':
        if (chosen) await call(`DELETE /messages/${chosen.id}`);
        return;
      case 'join':
        await call(`POST /channels/${c}/join`);
        return;
      case 'leave':
        await call(`DELETE /channels/${c}/members/${by(one.by).id}`);
        return;
      case 'read':
        await call(`PUT /channels/${c}/read-cursor`, { seq: Math.min(one.at, newest) });
        return;
      case 'unread':
        await call(`POST /channels/${c}/mark-unread`, { seq: Math.min(one.at, newest) + 1 });
        return;
      case 'both devices':
        await Promise.all([
          call(`PUT /channels/${c}/read-cursor`, { seq: newest }),
          call(`POST /channels/${c}/mark-unread`, { seq: Math.max(1, newest - 2) }),
          send({ text: 'meanwhile' }),
        ]);
        return;
      case 'read all':
        await call(`POST /workspaces/${w}/mark-all-read`);
        return;
      case 'read thread':
        if (root) await call(`PUT /messages/${root}/thread-read-cursor`, { seq: one.at });
        return;
      case 'unread thread':
        if (root) await call(`POST /messages/${root}/thread-mark-unread`, { seq: one.at + 1 });
        return;
      case 'follow':
      case 'unfollow':
        if (root) await call(`${one.do === 'follow' ? 'PUT' : 'DELETE'} /messages/${root}/follow`);
    }
  };

  /** What REST says of a person's channels and threads, each held against a recount of the messages. */
  const recounted = async (person: Person, { w, messages }: World) => {
    const state = await bootstrap(person, w);
    const counted: Record<string, Badge> = {};
    for (const my of state.channels) {
      const path = `/channels/${my.channel.id}/messages?limit=200`;
      const badge = recount(my, (await get<Page<Message>>(person, path)).data, person.id);
      if (badge.unread > 0) counted[my.channel.id] = badge;
    }
    const threads: ThreadMembership[] = [];
    const joined = new Set<string>(state.channels.map((my) => my.channel.id));
    for (const root of messages.filter((one) => !one.threadId && joined.has(one.channelId))) {
      const membership = await get<ThreadMembership>(person, `/messages/${root.id}/follow`);
      if (membership.following !== true) continue;
      const replies = await get<Page<Message>>(person, `/messages/${root.id}/thread?limit=200`);
      expect(membership).toMatchObject(recountThread(membership, replies.data, person.id));
      threads.push(membership);
    }
    const totals = {
      unreadCount: threads.filter((thread) => thread.unreadSeqs.length > 0).length,
      mentionCount: threads.reduce((sum, thread) => sum + thread.mentionSeqs.length, 0),
    };
    expect(state.threads).toEqual(totals);
    const said = await unread(person, w);
    expect(said.threads).toEqual(totals);
    expect(badgesOf(said)).toEqual(counted);
    return { counted, threads: threads.sort((a, b) => (a.threadId < b.threadId ? -1 : 1)) };
  };

  it('is what a recount says and what the events say, after whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 50, maxLength: 80, size: 'max' }), async (steps) => {
        const here = await world();
        const before = await Promise.all(people.map((person) => bootstrap(person, here.w)));
        for (const one of steps) await take(here, one);
        const truth = await Promise.all(people.map((person) => recounted(person, here)));
        await eventually(async () => {
          const events = await chat.events(here.w);
          for (const [index, person] of people.entries()) {
            const device = new Device(person.id, before[index] as Bootstrap);
            for (const event of events) {
              device.hear(event);
              device.hear(event);
            }
            expect(device.badges).toEqual(truth[index]?.counted);
            expect(device.followed).toEqual(truth[index]?.threads);
          }
        });
      }),
      { numRuns: 3, endOnFailure: true },
    );
  }, 60_000);

  it('is the furthest that one of two devices has read', async () => {
    const { w, channels } = await world();
    const c = channels[0] as string;
    for (let i = 0; i < 8; i++) await chat.send(by(0), c, `${i}`);
    const second = await chat.second({ CHAT_ROLES: 'api' });
    const replies = await Promise.all(
      [5, 2, 8, 1, 7, 3].map((seq, i) =>
        chat.call<ReadCursor>(
          `PUT /channels/${c}/read-cursor`,
          { body: { seq }, token: by(1).token },
          i % 2 ? second : chat.app,
        ),
      ),
    );
    for (const reply of replies) expect(reply.status).toBe(200);
    expect((await unread(by(1), w)).channels).toEqual([]);
    await eventually(async () => {
      const moved = (await chat.events(w)).filter((event) => event.type === 'read_cursor.updated');
      const newest = moved.sort((a, b) => a.data.cursorVersion - b.data.cursorVersion).at(-1);
      expect(newest?.data).toMatchObject({ lastReadSeq: 8, cursorVersion: moved.length });
    });
  });

  it('is nothing after all was marked as read, which is told once', async () => {
    const here = await world();
    const { w, channels } = here;
    const root = (await chat.send(by(1), channels[0] as string, 'for @channel')).body;
    await chat.send(by(0), channels[1] as string, `<@${by(1).id}>`);
    await chat.call(`POST /channels/${channels[0]}/messages`, {
      body: { clientMessageId: randomUUID(), text: `<@${by(1).id}>`, threadId: root.id },
      token: by(0).token,
    });
    expect(await unread(by(1), w)).toEqual({
      channels: [{ channelId: channels[1], unread: 1, mentions: 1 }],
      threads: { unreadCount: 1, mentionCount: 1 },
    });
    const readAll = () => chat.call(`POST /workspaces/${w}/mark-all-read`, { token: by(1).token });
    expect((await readAll()).status).toBe(204);
    expect((await readAll()).status).toBe(204);
    expect(await unread(by(1), w)).toEqual({
      channels: [],
      threads: { unreadCount: 0, mentionCount: 0 },
    });
    expect((await unread(by(2), w)).channels).toHaveLength(2);
    await chat.send(by(1), channels[1] as string, 'later');
    await eventually(async () => {
      const events = await chat.events(w);
      expect(events.filter((event) => event.type === 'message.created')).toHaveLength(4);
      expect(events.filter((event) => event.type === 'threads.read')).toHaveLength(1);
      expect(events.filter((event) => event.type === 'read_cursors.updated')).toMatchObject([
        {
          actorId: by(1).id,
          data: { cursors: [{ channelId: channels[1], lastReadSeq: 1, cursorVersion: 1 }] },
        },
      ]);
    });
  });

  it('is told to nobody outside of the workspace', async () => {
    const { w } = await world();
    const eve = await chat.person('Eve');
    const call = (route: string) => chat.call(route, { token: eve.token });
    expect((await call(`GET /workspaces/${w}/unread`)).body.code).toBe('workspace.not_found');
    expect((await call(`POST /workspaces/${w}/mark-all-read`)).body.code).toBe('workspace.not_found');
  });
});
