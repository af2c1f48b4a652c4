import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  rpcSubjects,
  type AcquaintancesReply,
  type Bootstrap,
  type DoNotDisturbReply,
  type PostingReply,
  type PostingVerdict,
} from '#contracts';
import { newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

/** What notify asks to know who may be told what at this moment. */
describe('over RPC', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let gus: Person;
  let eve: Person;
  let w: string;
  let open: string;
  const call = <T = unknown>(person: Person, route: string, body?: unknown) =>
    chat.call<T>(route, { token: person.token, ...(body === undefined ? {} : { body }) });
  const ask = async <T>(subject: string, body: unknown): Promise<T> =>
    (await chat.bus.nats.request(subject, JSON.stringify(body))).json<{ data: T }>().data;

  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob, gus, eve] = [
      await chat.person('Ada'),
      await chat.person('Bob'),
      await chat.person('Gus'),
      await chat.person('Eve'),
    ];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, gus);
    open = await chat.channel(ada, w);
    await call(ada, `POST /channels/${open}/members`, { userId: gus.id });
    await call(ada, `PATCH /workspaces/${w}/members/${gus.id}`, { role: 'guest' });
  });
  afterAll(() => chat.stop());

  it('chat says who may post where, as sending would', async () => {
    const verdicts = async (channelId: string, ...people: Person[]): Promise<PostingVerdict[]> => {
      const pairs = people.map(({ id: userId }) => ({ channelId, userId }));
      return (await ask<PostingReply>(rpcSubjects.posting, { pairs })).verdicts;
    };
    const asSending = async (channelId: string, ...people: Person[]) => {
      const judged = await verdicts(channelId, ...people);
      for (const [index, person] of people.entries()) {
        const { body } = await chat.send(person, channelId, 'hello');
        const verdict = judged[index] as PostingVerdict;
        expect(body.code).toBe('refused' in verdict ? verdict.refused : undefined);
      }
      return judged;
    };
    expect(await asSending(open, ada, bob, gus, eve)).toEqual([
      { workspaceId: w },
      { refused: 'channel.not_member' },
      { workspaceId: w },
      { refused: 'channel.not_found' },
    ]);
    await call(ada, `PATCH /channels/${open}`, { posting: 'admins' });
    expect(await asSending(open, ada, gus)).toEqual([{ workspaceId: w }, { refused: 'channel.read_only' }]);
    await call(ada, `POST /channels/${open}/archive`);
    expect(await asSending(open, ada)).toEqual([{ refused: 'channel.archived' }]);
    const wrong = await chat.bus.nats.request(rpcSubjects.posting, '{"pairs":"?"}');
    expect(wrong.json()).toEqual({ error: 'internal' });
  });

  it('chat says whom somebody may know of: members everyone, guests whom they share a channel with', async () => {
    const all = [ada, bob, gus, eve];
    const known = async (asker: Person, others = all) => {
      const body = { workspaceId: w, userId: asker.id, others: others.map(({ id }) => id) };
      const { acquaintances } = await ask<AcquaintancesReply>(rpcSubjects.acquaintances, body);
      return acquaintances && { ...acquaintances, userIds: [...acquaintances.userIds].sort() };
    };
    const ids = (...people: Person[]) => people.map(({ id }) => id).sort();
    expect(await known(ada)).toEqual({ byChannels: false, userIds: ids(ada, bob, gus) });
    expect(await known(bob, [ada])).toEqual({ byChannels: false, userIds: ids(ada) });
    // The guest is still in #general, with everyone.
    const { body } = await call<Bootstrap>(gus, `GET /workspaces/${w}/bootstrap`);
    for (const { channel } of body.channels)
      if (channel.id !== open) await call(gus, `DELETE /channels/${channel.id}/members/${gus.id}`);
    expect(await known(gus)).toEqual({ byChannels: true, userIds: ids(ada, gus) });
    expect(await known(gus, [bob, eve])).toEqual({ byChannels: true, userIds: [] });
    expect(await known(eve)).toBeNull();
  });

  it('chat says when people want to be left alone', async () => {
    const dndUntil = new Date(Date.now() + 3_600_000).toISOString();
    const quietHours = { days: [1, 2], from: '22:00', to: '07:00' };
    await call(ada, 'PATCH /me/preferences', { dndUntil, quietHours });
    await call(ada, 'PATCH /me', { timeZone: 'Asia/Tokyo' });
    const userIds = [bob.id, newId.user(), ada.id];
    expect(await ask<DoNotDisturbReply>(rpcSubjects.doNotDisturb, { userIds })).toEqual({
      people: [
        { dndUntil: null, quietHours: null, timeZone: null },
        null,
        { dndUntil, quietHours, timeZone: 'Asia/Tokyo' },
      ],
    });
  });
});
