import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anEvent, aUser, newId } from '#testing';
import { Conversation, heardUntil, heardUntilEnd } from './conversation.js';
import { listen, RunningNotify, World } from './running-notify.js';

describe('an event stream and the role of its user', () => {
  let world: World;
  let notify: RunningNotify;
  const room = () => new Conversation(world, newId.workspace(), newId.channel());

  beforeAll(async () => {
    world = await World.start();
    notify = await RunningNotify.start(world);
  });
  afterAll(async () => {
    await notify?.stop();
    await world?.stop();
  });

  it('tells members what guests are not told, and admins what members are not', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const people = await Promise.all(
      (['owner', 'member', 'guest'] as const).map(async (role) => {
        const person = await world.member(workspaceId, id);
        world.chat.role(person, role);
        return { person, stream: await listen(notify, person) };
      }),
    );
    const entered = { user: aUser(), role: 'member' as const, channel: null, lastReadSeq: null };
    await world.publish(anEvent('member.joined', entered, { workspaceId }), {
      scope: 'members',
      id: workspaceId,
    });
    const data = { userId: newId.user(), role: 'admin' as const, customRoleId: null, version: 2 };
    await world.publish(anEvent('member.role_changed', data, { workspaceId }), {
      scope: 'admins',
      id: workspaceId,
    });
    await general.say('end');
    const heard = [['member.joined', 'member.role_changed', 'end'], ['member.joined', 'end'], ['end']];
    for (const [at, { person, stream }] of people.entries()) {
      expect(await heardUntil(stream, 'end')).toEqual(heard[at]);
      await stream.close();
      // The same from memory.
      const replayed = await listen(notify, person, stream.cursor);
      expect(await heardUntil(replayed, 'end')).toEqual(heard[at]);
      await replayed.close();
    }
  });

  it('ends when the role of its user changes, and is judged by the new one afterwards', async () => {
    const general = room();
    const { workspaceId, id } = general.channel;
    const ada = await world.member(workspaceId, id);
    const grace = await world.member(workspaceId, id);
    const [adas, graces] = [await listen(notify, ada), await listen(notify, grace)];
    const changed = async (role: 'admin' | 'guest', version: number) => {
      world.chat.role(ada, role);
      const data = { userId: ada.userId, role, customRoleId: null, version };
      await world.publish(anEvent('member.role_changed', data, { workspaceId }), {
        scope: 'workspace',
        id: workspaceId,
      });
    };
    const entered = { user: aUser(), role: 'member' as const, channel: null, lastReadSeq: null };
    const tellAdmins = () =>
      world.publish(anEvent('member.joined', entered, { workspaceId }), { scope: 'admins', id: workspaceId });
    await changed('admin', 2);
    expect(await heardUntilEnd(adas)).toEqual({ heard: ['member.role_changed'], comments: ['role changed'] });
    const again = await listen(notify, ada);
    await tellAdmins();
    await changed('guest', 3);
    expect((await heardUntilEnd(again))?.heard).toEqual(['member.joined', 'member.role_changed']);
    const last = await listen(notify, ada);
    await tellAdmins();
    await general.say('end');
    expect(await heardUntil(last, 'end')).toEqual(['end']);
    expect(await heardUntil(graces, 'end')).toEqual(['member.role_changed', 'member.role_changed', 'end']);
    for (const stream of [last, graces]) await stream.close();
  });
});
