import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventLogPage, EVENTS_STREAM } from '#contracts';
import { anEvent, aUser, newId } from '#testing';
import { Conversation, heardUntil } from './conversation.js';
import { listen, RunningNotify, World, type Person } from './running-notify.js';

type Asker = Pick<Person, 'workspaceId' | 'token'>;

describe('the event log', () => {
  let world: World;
  let notify: RunningNotify;
  /** Remembers nothing, so that everything comes from JetStream. */
  let forgetful: RunningNotify;
  const room = (workspaceId: string = newId.workspace()) =>
    new Conversation(world, workspaceId, newId.channel());
  const ask = (person: Asker, query: Record<string, string> = {}, by = notify) =>
    by.call(`GET /workspaces/${person.workspaceId}/event-log?${new URLSearchParams(query).toString()}`, {
      token: person.token,
    });
  const page = async (person: Asker, query: Record<string, string> = {}, by = notify) => {
    const { status, body } = await ask(person, query, by);
    expect(status).toBe(200);
    return EventLogPage.strict().parse(body);
  };
  const textIn = ({ type, event }: EventLogPage['data'][number]): string => {
    const { message } = event['data'] as { message?: { text: string } };
    return message?.text ?? type;
  };
  /** Everything after a cursor, as a client would get it; and how many pages that took. */
  const all = async (person: Asker, after: string, query: Record<string, string> = {}, by = notify) => {
    const texts: string[] = [];
    let pages = 0;
    for (let cursor = after, more = true; more; pages++) {
      const got = await page(person, { ...query, after: cursor }, by);
      texts.push(...got.data.map(textIn));
      ({ nextCursor: cursor, more } = got);
    }
    return { texts, pages };
  };
  const present = async (person: Asker): Promise<string> => (await page(person)).nextCursor;

  beforeAll(async () => {
    world = await World.start();
    [notify, forgetful] = await Promise.all([
      RunningNotify.start(world),
      RunningNotify.start(world, { RING_EVENTS: '1' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([notify?.stop(), forgetful?.stop()]);
    await world?.stop();
  });

  it('begins at the present, and has what a stream has from there, event by event', async () => {
    const general = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const stream = await listen(notify, ada);
    const first = await page(ada);
    expect(first).toEqual({ data: [], nextCursor: stream.cursor, more: false });
    const event = await general.say('hello');
    const frame = await stream.next();
    for (const by of [notify, forgetful])
      expect(await page(ada, { after: first.nextCursor }, by)).toEqual({
        data: [{ id: frame.id, type: 'message.created', event }],
        nextCursor: frame.id,
        more: false,
      });
    await stream.close();
  });

  it('comes in pages that join without gap and double, from memory and from JetStream', async () => {
    const general = room();
    const noise = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const start = await present(ada);
    const texts = Array.from({ length: 300 }, (_, i) => `m${i}`);
    for (const text of texts) await Promise.all([general.say(text), noise.say('noise')]);
    for (const by of [notify, forgetful]) {
      expect(await all(ada, start, { limit: '100' }, by)).toMatchObject({ texts });
      expect(await all(ada, start, { limit: '500' }, by)).toEqual({ texts, pages: 1 });
      const one = await page(ada, { after: start, limit: '7' }, by);
      expect(one.data.map(textIn)).toEqual(texts.slice(0, 7));
      expect(one.nextCursor).toBe(one.data.at(-1)?.id);
      expect(one.more).toBe(true);
      // A stream goes on where a page ends.
      const stream = await listen(by, ada, one.nextCursor);
      expect(await heardUntil(stream, 'm299')).toEqual(texts.slice(7));
      await stream.close();
    }
  });

  it('has pages that end before they are too large', async () => {
    const general = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const start = await present(ada);
    const texts = Array.from({ length: 40 }, (_, i) => `${i}`.padEnd(60_000, '.'));
    await general.sayAll(texts);
    for (const by of [notify, forgetful]) {
      const got = await all(ada, start, { limit: '500' }, by);
      expect(got.texts).toEqual(texts);
      expect(got.pages).toBeGreaterThan(2);
    }
  });

  it('is filtered as streams are, and comes to the present all the same', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const random = room(workspaceId);
    const ada = await world.member(workspaceId, id, random.channel.id);
    const start = await present(ada);
    await general.say('one');
    await random.say('two');
    await general.joined(aUser().id);
    await random.say('three');
    const end = await present(ada);
    for (const by of [notify, forgetful]) {
      const of = async (query: Record<string, string>) => (await all(ada, start, query, by)).texts;
      expect(await of({ types: 'member.*' })).toEqual(['member.joined']);
      expect(await of({ channels: random.channel.id })).toEqual(['two', 'three']);
      expect(await of({ types: 'message.created', channels: id })).toEqual(['one']);
      expect(await page(ada, { after: start, types: 'reaction.added' }, by)).toEqual({
        data: [],
        nextCursor: end,
        more: false,
      });
    }
  });

  it('shows what one may see now: of channels one is in, and for the role one has', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const secret = room(workspaceId);
    const [owner, guest] = [
      await world.member(workspaceId, id, secret.channel.id),
      await world.member(workspaceId, id),
    ];
    world.chat.role(owner, 'owner');
    world.chat.role(guest, 'guest');
    const start = await present(owner);
    await secret.say('secret');
    const entered = { user: aUser(), role: 'member' as const, channel: null, lastReadSeq: null };
    for (const scope of ['members', 'admins'] as const)
      await world.publish(anEvent('member.joined', entered, { workspaceId }), { scope, id: workspaceId });
    await general.say('end');
    for (const by of [notify, forgetful]) {
      const of = async (person: Person) => (await all(person, start, {}, by)).texts;
      expect(await of(owner)).toEqual(['secret', 'member.joined', 'member.joined', 'end']);
      expect(await of(guest)).toEqual(['end']);
      world.chat.member(guest, id, secret.channel.id);
      expect(await of(guest)).toEqual(['secret', 'end']);
      world.chat.member(guest, id);
      world.chat.channels.delete(`${workspaceId} ${guest.userId}`);
      expect(await ask(guest, { after: start }, by)).toMatchObject({
        status: 404,
        body: { code: 'workspace.not_found' },
      });
      world.chat.member(guest, id);
    }
  });

  it('has what is said to the account, beside the workspace', async () => {
    const general = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const start = await present(ada);
    const revoked = anEvent(
      'session.revoked',
      { sessionId: newId.session() },
      { workspaceId: null, actorId: ada.userId },
    );
    await general.say('one');
    await world.publish(revoked, { scope: 'user', id: ada.userId });
    await general.say('two');
    for (const by of [notify, forgetful])
      expect((await all(ada, start, {}, by)).texts).toEqual(['one', 'session.revoked', 'two']);
  });

  it('is refused with a cursor that it can not go on from', async () => {
    const general = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const start = await present(ada);
    const [epoch, seq] = start.split('-') as [string, string];
    const gone = { status: 410, body: { code: 'stream.cursor_expired' } };
    expect(await ask(ada, { after: `zzz-${seq}` })).toMatchObject(gone);
    expect(await ask(ada, { after: `${epoch}-${Number(seq) + 1_000_000}` })).toMatchObject(gone);
    await general.sayAll(['one', 'two', 'three']);
    await world.bus.jsm.streams.purge(EVENTS_STREAM, { seq: Number(seq) + 3 });
    expect(await ask(ada, { after: start }, forgetful)).toMatchObject(gone);
    // What retention took is still in memory here.
    expect((await all(ada, start)).texts.sort()).toEqual(['one', 'three', 'two']);
  });

  it.each([
    [{ after: 'x' }, '/query/after'],
    [{ limit: '0' }, '/query/limit'],
    [{ limit: '501' }, '/query/limit'],
    [{ types: 'message.sent' }, '/query/types'],
    [{ channels: 'general' }, '/query/channels'],
    [{ ticket: 'A'.repeat(43) }, '/query/ticket'],
  ] as [Record<string, string>, string][])('is refused for %j', async (query, pointer) => {
    const ada = await world.member(newId.workspace());
    expect(await ask(ada, query)).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', errors: [{ pointer }] },
    });
  });
});
