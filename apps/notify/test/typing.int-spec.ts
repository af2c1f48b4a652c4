import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ephemeralSchemas, ephemeralSubject, type TypingStarted } from '#contracts';
import { aMessage, aMessageCreated, newId, type EventStream } from '#testing';
import { Conversation, heardUntil } from './conversation.js';
import { listen, RunningNotify, World, type Person } from './running-notify.js';

const isTyping = (frame: { event: string }) => frame.event.startsWith('typing.');

describe('typing', () => {
  let world: World;
  let one: RunningNotify;
  let other: RunningNotify;
  beforeAll(async () => {
    world = await World.start();
    [one, other] = await Promise.all([RunningNotify.start(world), RunningNotify.start(world)]);
  });
  afterAll(async () => {
    await Promise.all([one?.stop(), other?.stop()]);
    await world?.stop();
  });

  const room = async (...names: string[]) => {
    const general = new Conversation(world, newId.workspace(), newId.channel());
    const { workspaceId, id: channelId } = general.channel;
    const people = await Promise.all(names.map(() => world.member(workspaceId, channelId)));
    return { general, workspaceId, channelId, people };
  };
  const report = (notify: RunningNotify, person: Pick<Person, 'token'>, channelId: string, body: unknown) =>
    notify.call(`POST /channels/${channelId}/typing`, { token: person.token, body });
  const nextTyping = async (stream: EventStream, timeoutMs?: number) => {
    const frame = await stream.next(isTyping, timeoutMs);
    // Cursors must stay exact: an ephemeral event has none.
    expect(frame.id).toBeUndefined();
    const event = JSON.parse(frame.data) as TypingStarted;
    expect(
      ephemeralSchemas[event.type as keyof typeof ephemeralSchemas].strict().safeParse(event).error,
    ).toBeUndefined();
    expect(event.type).toBe(frame.event);
    return event;
  };

  it('is told to the members of the channel on any process, and never to the typist', async () => {
    const { general, workspaceId, channelId, people } = await room('ada', 'grace', 'bob');
    const [ada, grace, bob] = people as [Person, Person, Person];
    const eve = await world.member(workspaceId, newId.channel());
    const [adas, adasPhone, graces, bobs, eves] = await Promise.all([
      listen(one, ada),
      listen(other, ada),
      listen(one, grace),
      listen(other, bob),
      listen(one, eve),
    ]);
    expect((await report(one, ada, channelId, { state: 'start' })).status).toBe(204);
    for (const stream of [graces, bobs])
      expect(await nextTyping(stream)).toMatchObject({
        type: 'typing.started',
        workspaceId,
        data: { userId: ada.userId, channelId, threadId: null },
      });
    expect((await report(other, ada, channelId, { state: 'stop' })).status).toBe(204);
    for (const stream of [graces, bobs]) expect((await nextTyping(stream)).type).toBe('typing.stopped');
    await general.say('end');
    for (const stream of [adas, adasPhone]) expect(await heardUntil(stream, 'end')).toEqual(['end']);
    await new Conversation(
      world,
      workspaceId,
      world.chat.channels.get(`${workspaceId} ${eve.userId}`)?.[0] as string,
    ).say('x');
    expect(await heardUntil(eves, 'x')).toEqual(['x']);
    for (const stream of [adas, adasPhone, graces, bobs, eves]) await stream.close();
  });

  it('is told once for many reports, and ends without another', async () => {
    const { channelId, people } = await room('ada', 'grace');
    const [ada, grace] = people as [Person, Person];
    const graces = await listen(other, grace);
    const threadId = newId.message();
    const begin = Date.now();
    for (let n = 0; n < 10; n++)
      await report(n % 2 ? one : other, ada, channelId, { state: 'start', threadId });
    expect((await nextTyping(graces)).data.threadId).toBe(threadId);
    // Nothing but the end follows, by itself.
    expect((await nextTyping(graces)).type).toBe('typing.stopped');
    expect(Date.now() - begin).toBeGreaterThanOrEqual(5900);
    await graces.close();
  });

  it('ends with the message that was written, in its thread only', async () => {
    const { general, channelId, workspaceId, people } = await room('ada', 'grace');
    const [ada, grace] = people as [Person, Person];
    const graces = await listen(other, grace);
    const threadId = newId.message();
    await report(one, ada, channelId, { state: 'start', threadId });
    await report(one, ada, channelId, { state: 'start' });
    const started = [await nextTyping(graces), await nextTyping(graces)];
    expect(started.map(({ type }) => type)).toEqual(['typing.started', 'typing.started']);
    const message = aMessage({ channelId, workspaceId, senderId: ada.userId, seq: 1 });
    await world.publish(aMessageCreated(message), { scope: 'channel', id: channelId });
    const stopped = await nextTyping(graces);
    expect(stopped).toMatchObject({ type: 'typing.stopped', data: { threadId: null } });
    // Leaving ends the other.
    await general.left(ada.userId);
    expect((await nextTyping(graces)).data.threadId).toBe(threadId);
    await graces.close();
  });

  it('is for those who may post there, as chat says, which is asked once', async () => {
    const { general, channelId, workspaceId, people } = await room('ada', 'grace', 'guest', 'bot');
    const [ada, grace, guest, bot] = people as [Person, Person, Person, Person];
    world.chat.role(guest, 'guest');
    world.chat.role(bot, 'bot');
    const before = world.chat.postingRequests;
    for (const person of [ada, ada, ada, guest, bot])
      expect((await report(one, person, channelId, { state: 'start' })).status).toBe(204);
    expect(world.chat.postingRequests - before).toBe(3);
    const verdict = async (person: Pick<Person, 'token'>, id = channelId) => {
      const { status, body } = await report(one, person, id, { state: 'start' });
      return [status, body['code']];
    };
    const stranger = await world.member(newId.workspace());
    expect(await verdict(stranger)).toEqual([404, 'channel.not_found']);
    for (const [code, status] of [
      ['channel.read_only', 403],
      ['channel.archived', 409],
      ['channel.not_member', 403],
    ] as const) {
      world.chat.refusals.set(`${channelId} ${grace.userId}`, code);
      expect(await verdict(grace)).toEqual([status, code]);
    }
    // Whoever is removed may not for a moment longer, although the answer was remembered.
    const eyes = await listen(one, bot);
    world.chat.member({ workspaceId, userId: ada.userId });
    await general.left(ada.userId);
    await heardUntil(eyes, 'member.left');
    expect(await verdict(ada)).toEqual([404, 'channel.not_found']);
    expect((await one.call(`POST /channels/${channelId}/typing`, { body: { state: 'start' } })).status).toBe(
      401,
    );
    await eyes.close();
  });

  it.each([
    [{}, '/state'],
    [{ state: 'pause' }, '/state'],
    [{ state: 'start', threadId: 'x' }, '/threadId'],
    [{ state: 'start', stray: 1 }, '/stray'],
  ])('refuses %j and says where it is wrong', async (body, pointer) => {
    const { channelId, people } = await room('ada');
    const reply = await report(one, people[0] as Person, channelId, body);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  it('goes on after what nobody can read', async () => {
    const { channelId, workspaceId, people } = await room('ada', 'grace');
    const [ada, grace] = people as [Person, Person];
    const graces = await listen(other, grace);
    for (const topic of ['typing', 'watches', 'presence'] as const)
      for (const workspace of [workspaceId, '_'])
        for (const garbage of ['?', 'null', '{}'])
          world.bus.nats.publish(ephemeralSubject(workspace, topic), garbage);
    await world.bus.nats.flush();
    await report(one, ada, channelId, { state: 'start' });
    expect((await nextTyping(graces)).data.userId).toBe(ada.userId);
    await graces.close();
  });

  it('is limited, for each person alone', async () => {
    const { channelId, people } = await room('ada', 'grace');
    const [ada, grace] = people as [Person, Person];
    const replies = await Promise.all(
      Array.from({ length: 70 }, () => report(one, ada, channelId, { state: 'start' })),
    );
    const refused = replies.find(({ status }) => status === 429);
    expect(refused?.body['code']).toBe('rate_limited');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await report(one, grace, channelId, { state: 'start' })).status).toBe(204);
  });

  it('answers 503 when chat does not, and streams go on', async () => {
    const { general, people } = await room('ada');
    const [ada] = people as [Person];
    const adas = await listen(one, ada);
    const silent = newId.channel();
    world.chat.silent.add(silent);
    const reply = await report(one, ada, silent, { state: 'start' });
    expect([reply.status, reply.body['code']]).toEqual([503, 'unavailable']);
    await general.say('end');
    expect(await heardUntil(adas, 'end')).toEqual(['end']);
    await adas.close();
  });
});
