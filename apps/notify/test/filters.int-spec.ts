import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChannelId, Problem, WorkspaceId } from '#contracts';
import { anEvent, aReadState, newId, openStream, type EventStream, type StreamFrame } from '#testing';
import { Conversation, heardUntil, textOf } from './conversation.js';
import { RunningNotify, World, type Person } from './running-notify.js';

const HEARTBEAT_MS = 200;

describe('a filtered event stream', () => {
  let world: World;
  let notify: RunningNotify;
  /** Remembers nothing, so that what was missed comes from JetStream. */
  let forgetful: RunningNotify;
  const room = (workspaceId: string = newId.workspace()) =>
    new Conversation(world, workspaceId, newId.channel());
  const open = async (person: Person, query: string, from?: string, by = notify) => {
    const stream = await openStream(by.path(person.workspaceId, query), person.token, from);
    const ready = await stream.next((frame) => frame.event === 'stream.ready');
    return Object.assign(stream, { cursor: ready.id as string });
  };
  const moved = (person: Person, channelId: ChannelId) =>
    world.publish(
      anEvent(
        'read_cursor.updated',
        { channelId, ...aReadState({ lastReadSeq: 1 }) },
        { workspaceId: person.workspaceId as WorkspaceId, channelId },
      ),
      { scope: 'user', id: person.userId },
    );
  const isSaid = (frame: StreamFrame) => frame.data !== '' && !frame.event.startsWith('stream.');
  /** What is said up to `last`, without the frames that only tell a position. */
  const saidUntil = async (stream: EventStream, last: string) => {
    const said: string[] = [];
    while (said.at(-1) !== last) said.push(textOf(await stream.next(isSaid)));
    return said;
  };

  beforeAll(async () => {
    world = await World.start();
    const env = { STREAM_HEARTBEAT_MS: String(HEARTBEAT_MS) };
    [notify, forgetful] = await Promise.all([
      RunningNotify.start(world, env),
      RunningNotify.start(world, { ...env, RING_EVENTS: '1' }),
    ]);
  });
  afterAll(async () => {
    await notify?.stop();
    await forgetful?.stop();
    await world?.stop();
  });

  it('has only the types asked for, live and replayed, and everything beside it has everything', async () => {
    const general = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const query = '?types=message.created,thread.*';
    const [all, some, same] = [await open(ada, ''), await open(ada, query), await open(ada, query)];
    await general.say('one');
    await moved(ada, general.channel.id);
    await general.say('two');
    expect(await heardUntil(all, 'two')).toEqual(['one', 'read_cursor.updated', 'two']);
    for (const stream of [some, same]) expect(await saidUntil(stream, 'two')).toEqual(['one', 'two']);
    for (const by of [notify, forgetful]) {
      const again = await open(ada, query, some.cursor, by);
      expect(await saidUntil(again, 'two')).toEqual(['one', 'two']);
      await again.close();
    }
    for (const stream of [all, some, same]) await stream.close();
  });

  it('has only what is about its channels, and only while its user is in them', async () => {
    const [general, other] = [room(), room()];
    const { workspaceId, id } = general.channel;
    const random = room(workspaceId);
    const ada = await world.member(workspaceId, id, random.channel.id);
    const bob = await world.member(workspaceId, random.channel.id);
    const query = `?channels=${id},${other.channel.id}`;
    const [adas, bobs] = [await open(ada, query), await open(bob, query)];
    const listening = await open(bob, '');
    await random.say('elsewhere');
    await moved(ada, random.channel.id);
    await moved(ada, id);
    await general.say('before');
    await general.joined(bob.userId);
    await general.say('inside');
    await general.left(bob.userId);
    await general.say('after');
    await random.say('end');
    expect(await saidUntil(adas, 'after')).toEqual([
      'read_cursor.updated',
      'before',
      'member.joined',
      'inside',
      'member.left',
      'after',
    ]);
    await heardUntil(listening, 'end');
    expect(await saidUntil(bobs, 'member.left')).toEqual(['member.joined', 'inside', 'member.left']);
    // What came after that may be on its way, if anything did.
    await expect(bobs.next(isSaid, HEARTBEAT_MS * 2)).rejects.toThrow('no frame');
    for (const stream of [adas, bobs, listening]) await stream.close();
  });

  it('hears who is writing if it asks for that', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const [ada, bob] = [await world.member(workspaceId, id), await world.member(workspaceId, id)];
    const streams = ['?types=typing.*', `?channels=${id}`, '?types=message.created'].map((query) =>
      open(bob, query),
    );
    const [typing, channel, messages] = await Promise.all(streams);
    const body = { state: 'start' };
    const reply = await notify.call(`POST /channels/${id}/typing`, { token: ada.token, body });
    expect(reply.status).toBe(204);
    for (const stream of [typing, channel])
      expect(await stream?.next(isSaid)).toMatchObject({ event: 'typing.started' });
    await expect(messages?.next(isSaid, HEARTBEAT_MS)).rejects.toThrow('no frame');
    for (const stream of [typing, channel, messages]) await stream?.close();
  });

  it('tells how far it has come, and is resumed from there without loss', async () => {
    const general = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const query = '?types=read_cursor.*';
    const [all, some] = [await open(ada, ''), await open(ada, query)];
    await general.sayAll(['one', 'two', 'three']);
    const [, , third] = [await all.next(isSaid), await all.next(isSaid), await all.next(isSaid)];
    const told = await some.next((frame) => frame.id === third?.id);
    expect(told).toMatchObject({ event: 'stream.position' });
    expect(JSON.parse(told.data)).toEqual({ type: 'stream.position', data: { cursor: told.id } });
    // Nothing new, nothing told: the heartbeat is enough.
    await expect(some.next(undefined, HEARTBEAT_MS * 3)).rejects.toThrow('no frame');
    await some.close();
    await moved(ada, general.channel.id);
    await general.say('four');
    for (const by of [notify, forgetful]) {
      const again = await open(ada, query, told.id, by);
      expect(again.cursor).toBe(told.id);
      expect(await saidUntil(again, 'read_cursor.updated')).toEqual(['read_cursor.updated']);
      await again.close();
    }
    await all.close();
  });

  it('does not tell a stream of everything where it stands', async () => {
    const general = room();
    const ada = await world.member(general.channel.workspaceId, general.channel.id);
    const all = await open(ada, '');
    await general.say('one');
    expect(await heardUntil(all, 'one')).toEqual(['one']);
    await expect(all.next(undefined, HEARTBEAT_MS * 3)).rejects.toThrow('no frame');
    await all.close();
  });

  it.each([
    ['types=message.sent', '/query/types'],
    ['types=', '/query/types'],
    ['types=message.created&types=message.deleted', '/query/types'],
    ['channels=general', '/query/channels'],
    ['kinds=message.created', '/query/kinds'],
  ])('is refused for ?%s', async (query, pointer) => {
    const ada = await world.member(newId.workspace());
    const reply = await fetch(notify.path(ada.workspaceId, `?${query}`), {
      headers: { authorization: `Bearer ${ada.token}` },
    });
    const { code, errors } = (await reply.json()) as Problem;
    expect([reply.status, code, errors?.map((error) => error.pointer)]).toEqual([
      400,
      'request.invalid',
      [pointer],
    ]);
  });
});
