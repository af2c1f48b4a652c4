import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partitionOf } from '#contracts';
import { anEvent, newId } from '#testing';
import { Conversation, heardUntil, textOf } from './conversation.js';
import { listen, RunningNotify, World, type Person } from './running-notify.js';

const PARTITIONS = 4;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `m${from + i}`);

/** A workspace id in this partition of four. */
const workspaceIn = (partition: number): string => {
  for (;;) {
    const id = newId.workspace();
    if (partitionOf(id, PARTITIONS) === partition) return id;
  }
};

describe('streams over several partitions', () => {
  let world: World;
  let notifies: [RunningNotify, RunningNotify];
  beforeAll(async () => {
    world = await World.start();
    notifies = [await RunningNotify.start(world), await RunningNotify.start(world)];
  });
  afterAll(async () => {
    await Promise.all(notifies?.map((notify) => notify.stop()) ?? []);
    await world?.stop();
  });

  const room = async (workspaceId: string) => {
    const conversation = new Conversation(world, workspaceId, newId.channel());
    const person = await world.member(workspaceId, conversation.channel.id);
    return { conversation, person };
  };

  it('reach everyone whole and in order, on whichever of two processes they are', async () => {
    world.partitions = PARTITIONS;
    const rooms = await Promise.all(range(0, PARTITIONS).map((_, partition) => room(workspaceIn(partition))));
    const streams = await Promise.all(
      rooms.flatMap(({ person }) => notifies.map((notify) => listen(notify, person))),
    );
    const said = range(0, 100);
    for (const text of said) await Promise.all(rooms.map(({ conversation }) => conversation.say(text)));
    for (const stream of streams) {
      expect(await heardUntil(stream, 'm99')).toEqual(said);
      await stream.close();
    }
  });

  it('bring what is of the account, which lies in a partition of its own', async () => {
    world.partitions = PARTITIONS;
    const account = partitionOf('_', PARTITIONS);
    const { conversation, person } = await room(workspaceIn((account + 1) % PARTITIONS));
    const stream = await listen(notifies[0], person);
    await conversation.say('before');
    const data = { sessionId: newId.session() };
    const revoked = anEvent('session.revoked', data, { workspaceId: null, actorId: person.userId });
    await world.publish(revoked, { scope: 'user', id: person.userId });
    await conversation.say('after');
    expect(await heardUntil(stream, 'after')).toEqual(['before', 'session.revoked', 'after']);
    await stream.close();
  });

  describe('whose number is changed', () => {
    let conversation: Conversation;
    let person: Person;
    let cursor: string;
    let middle: string;
    const workspaceId = workspaceIn(3);
    const all = range(0, 45);

    beforeAll(async () => {
      ({ conversation, person } = await room(workspaceId));
      const live = await listen(notifies[0], person);
      cursor = live.cursor;
      for (const [index, partitions] of [1, PARTITIONS, 3].entries()) {
        world.partitions = partitions;
        await conversation.sayAll(range(index * 15, index * 15 + 15));
      }
      expect(await heardUntil(live, 'm44')).toEqual(all);
      await live.close();
      const again = await listen(notifies[1], person, cursor);
      middle = (await again.next((frame) => frame.data !== '' && textOf(frame) === 'm29')).id as string;
      await again.close();
    });

    it.each([
      ['from memory', {}],
      ['from JetStream', { RING_EVENTS: '3' }],
    ])('resume exactly after a restart, %s', async (_, env) => {
      const restarted = await RunningNotify.start(world, env);
      try {
        const whole = await listen(restarted, person, cursor);
        expect(whole.cursor).toBe(cursor);
        expect(await heardUntil(whole, 'm44')).toEqual(all);
        await whole.close();
        const rest = await listen(restarted, person, middle);
        expect(await heardUntil(rest, 'm44')).toEqual(all.slice(30));
        await rest.close();
      } finally {
        await restarted.stop();
      }
    });
  });
});
