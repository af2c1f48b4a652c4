import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Presence } from '#contracts';
import { anEvent, eventually, newId, startScript, type EventStream } from '#testing';
import { Conversation, heardUntil } from './conversation.js';
import { Device, type Server } from './device.js';
import { RunningNotify, World, type Person, type Reply } from './running-notify.js';

const TTL_MS = 2400;
const settings = { PRESENCE_TTL_MS: String(TTL_MS), PRESENCE_TICK_MS: '100' };

describe('presence', () => {
  let world: World;
  let one: RunningNotify;
  let other: RunningNotify;
  beforeAll(async () => {
    world = await World.start();
    [one, other] = await Promise.all([
      RunningNotify.start(world, settings),
      RunningNotify.start(world, settings),
    ]);
  });
  afterAll(async () => {
    await Promise.all([one?.stop(), other?.stop()]);
    await world?.stop();
  });

  const team = async (count: number) => {
    const general = new Conversation(world, newId.workspace(), newId.channel());
    const { workspaceId, id } = general.channel;
    const members = await Promise.all(Array.from({ length: count }, () => world.member(workspaceId, id)));
    return { general, workspaceId, members: members as [Person, Person, ...Person[]] };
  };
  const stateOf = (reply: Reply) => (reply.body['presence'] as Presence).state;
  const seenBy = async (viewer: Person, person: Person) =>
    (await new Device(viewer, one).show([person]))[person.userId];

  const subscribe = (asker: Person, workspaceId: string, screen: Person[]) =>
    one.call(`PUT /workspaces/${workspaceId}/presence/subscriptions`, {
      token: asker.token,
      body: { deviceId: randomUUID(), userIds: screen.map(({ userId }) => userId) },
    });

  it('follows the devices: any in use is online, else any is away, none is offline', async () => {
    const { members } = await team(2);
    const [ada, bob] = members;
    const [laptop, phone] = [new Device(ada, one), new Device(ada, other)];
    expect(await seenBy(bob, ada)).toBe('offline');
    expect(stateOf(await laptop.report('idle'))).toBe('away');
    expect(stateOf(await phone.report('active'))).toBe('online');
    expect(await seenBy(bob, ada)).toBe('online');
    expect(stateOf(await phone.report('idle', one))).toBe('away');
    // Nothing more is heard of them.
    const [gone] = await eventually(async () => {
      const reply = await new Device(bob, one).show([ada]);
      expect(reply[ada.userId]).toBe('offline');
      const mine = await other.call('GET /me/presence', { token: ada.token });
      return [mine.body['presence'] as Presence];
    });
    expect(Date.now() - Date.parse(gone?.lastSeenAt ?? '')).toBeGreaterThanOrEqual(TTL_MS);
  });

  it('tells changes of those on screen, from any process to any other, all of a tick at once', async () => {
    const { members } = await team(4);
    const [ada, bob, eve, zoe] = members as [Person, Person, Person, Person];
    const [adas, bobs] = [await new Device(ada, one).open(), await new Device(bob, other).open()];
    // The list arrives where the stream is not.
    expect(await adas.show([bob, eve], other)).toMatchObject({ [eve.userId]: 'offline' });
    await bobs.show([eve], one);
    const devices = [new Device(zoe, one), new Device(eve, other), new Device(bob, one)];
    await Promise.all(devices.map((device) => device.report('active')));
    const [toAda, toBob] = [new Set<string>(), new Set<string>()];
    while (toAda.size < 2) for (const { userId } of await adas.told()) toAda.add(userId);
    while (toBob.size < 1) for (const { userId } of await bobs.told()) toBob.add(userId);
    expect([...toAda].sort()).toEqual([bob.userId, eve.userId].sort());
    expect([...toBob]).toEqual([eve.userId]);
    // Nobody on screen any more: nothing more is told, and the stream goes on as it was.
    await adas.show([]);
    await devices[1]?.report('idle');
    expect((await bobs.toldThat(eve, 'away')).lastSeenAt).toBeNull();
    await Promise.all([adas.close(), bobs.close()]);
  });

  it('is away for an open stream alone, and offline soon after its end', async () => {
    const { members } = await team(2);
    const [ada, bob] = members;
    const bobs = await new Device(bob, one).open();
    await bobs.show([ada]);
    const adas = await new Device(ada, other).open();
    await bobs.toldThat(ada, 'away');
    await adas.report('active', one);
    await bobs.toldThat(ada, 'online');
    // Held for longer than any sign of life lasts: only what was said of use is forgotten.
    await bobs.toldThat(ada, 'away');
    const closedAt = Date.now();
    await adas.close();
    const gone = await bobs.toldThat(ada, 'offline');
    expect(Date.now() - closedAt).toBeLessThan(TTL_MS);
    expect(Date.parse(gone.lastSeenAt ?? '')).toBeGreaterThanOrEqual(closedAt - 50);
    await bobs.close();
  });

  it('is what the person chose, on all devices', async () => {
    const { members } = await team(2);
    const [ada, bob] = members;
    const laptop = new Device(ada, one);
    const choose = (availability: string) =>
      other.call('PUT /me/availability', { token: ada.token, body: { availability } });
    await laptop.report('active');
    expect((await choose('away')).body).toMatchObject({ presence: { state: 'away' }, availability: 'away' });
    expect(stateOf(await laptop.report('active'))).toBe('away');
    expect(await seenBy(bob, ada)).toBe('away');
    expect((await choose('auto')).body).toMatchObject({
      presence: { state: 'online' },
      availability: 'auto',
    });
  });

  it('is dnd while the person wants to be left alone, as chat says', async () => {
    const { members } = await team(2);
    const [ada, bob] = members;
    const bobs = await new Device(bob, one).open();
    await bobs.show([ada]);
    const adas = await new Device(ada, other).open();
    await adas.report('active');
    await bobs.toldThat(ada, 'online');
    const dndUntil = new Date(Date.now() + 1500).toISOString();
    world.people.wishes.set(ada.userId, { dndUntil, quietHours: null, timeZone: null });
    const preferences = { dndUntil, quietHours: null, readReceipts: true, version: 1 };
    await world.publish(
      anEvent('preferences.updated', { preferences }, { workspaceId: null, actorId: ada.userId }),
      { scope: 'user', id: ada.userId },
    );
    await bobs.toldThat(ada, 'dnd');
    await adas.report('active');
    // Its end comes by itself.
    await bobs.toldThat(ada, 'online');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(dndUntil));
    await Promise.all([adas.close(), bobs.close()]);
  });

  it('is told within the workspace only, and to guests of those they share a channel with', async () => {
    const { workspaceId, general, members } = await team(3);
    const [ada, bob, eve] = members as [Person, Person, Person];
    const secret = newId.channel();
    const [gus, zoe] = [await world.member(workspaceId, secret), await world.member(workspaceId, secret)];
    world.chat.member(bob, general.channel.id, secret);
    world.chat.role(gus, 'guest');
    const stranger = await world.member(newId.workspace());
    const screen = [ada, bob, eve, gus, stranger];
    expect(Object.keys(await new Device(ada, one).show(screen)).sort()).toEqual(
      [ada, bob, eve, gus].map(({ userId }) => userId).sort(),
    );
    const guests = await new Device(gus, one).open();
    const known = await guests.show([ada, bob, eve, zoe, stranger]);
    expect(Object.keys(known).sort()).toEqual([bob.userId, zoe.userId].sort());
    const [bobs, adas] = [new Device(bob, other), new Device(ada, other)];
    await adas.report('active');
    await bobs.report('active');
    expect((await guests.told()).map(({ userId }) => userId)).toEqual([bob.userId]);
    // They share no channel any more.
    world.chat.member(bob, general.channel.id);
    await new Conversation(world, workspaceId, secret).left(bob.userId);
    await heardUntil(guests.stream as EventStream, 'member.left');
    await bobs.report('idle');
    await new Device(zoe, other).report('active');
    expect((await guests.told()).map(({ userId }) => userId)).toEqual([zoe.userId]);
    const away = await subscribe(stranger, workspaceId, [ada]);
    expect([away.status, away.body['code']]).toEqual([404, 'workspace.not_found']);
    await guests.close();
  });
  it('of those who leave the workspace is told to nobody there any more', async () => {
    const { workspaceId, members } = await team(3);
    const [ada, bob, eve] = members as [Person, Person, Person];
    const adas = await new Device(ada, one).open();
    await adas.show([bob, eve]);
    const left = anEvent('member.left', { userId: bob.userId, reason: 'removed' }, { workspaceId });
    world.chat.channels.delete(`${workspaceId} ${bob.userId}`);
    await world.publish(left, { scope: 'workspace', id: workspaceId });
    await heardUntil(adas.stream as EventStream, 'member.left');
    await new Device(bob, other).report('active');
    await new Device(eve, other).report('active');
    expect((await adas.told()).map(({ userId }) => userId)).toEqual([eve.userId]);
    await adas.close();
  });

  it('is right after kill -9 of the process that held the stream, told by another', async () => {
    const { members } = await team(2);
    const [ada, bob] = members;
    const script = join(import.meta.dirname, 'processes/notify-process.ts');
    const victim = await startScript(script, { ...world.env, ...settings });
    const url = `http://127.0.0.1:${victim.ready as number}`;
    const there: Server = {
      call: (route, input) => RunningNotify.prototype.call.call({ url }, route, input),
      path: (workspaceId, query) => RunningNotify.prototype.path.call({ url }, workspaceId, query),
    };
    const bobs = await new Device(bob, one).open();
    await bobs.show([ada]);
    const adas = await new Device(ada, there).open();
    await adas.report('active');
    await bobs.toldThat(ada, 'online');
    // The stream keeps her there without another word.
    await bobs.toldThat(ada, 'away');
    const killedAt = Date.now();
    await victim.kill('SIGKILL');
    const gone = await bobs.toldThat(ada, 'offline');
    expect(Date.now() - killedAt).toBeLessThan(TTL_MS + 2000);
    expect(Date.parse(gone.lastSeenAt ?? '')).toBeLessThanOrEqual(killedAt);
    await Promise.all([adas.close(), bobs.close()]);
  });

  it('is right again after Redis has lost what it knew', async () => {
    const { members } = await team(3);
    const [ada, bob, eve] = members as [Person, Person, Person];
    const bobs = await new Device(bob, one).open();
    await new Device(ada, other).report('active');
    await new Device(eve, other).report('active');
    expect(await bobs.show([ada, eve])).toEqual({ [ada.userId]: 'online', [eve.userId]: 'online' });
    const redis = new Redis(world.redis.url);
    await redis.flushall();
    await redis.quit();
    expect((await bobs.toldThat(ada, 'offline')).lastSeenAt).toBeNull();
    await new Device(ada, other).report('active');
    await bobs.toldThat(ada, 'online');
    await bobs.close();
  });

  it('loses no device when many are heard of at once, by several processes', async () => {
    const { members } = await team(1);
    const devices = Array.from({ length: 16 }, (_, n) => new Device(members[0], n % 2 ? one : other));
    const replies = await Promise.all(
      devices.flatMap((device) => [device.report('active'), device.report('idle')]),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    const redis = new Redis(world.redis.url);
    const stored = JSON.parse((await redis.get(`presence:user:${members[0].userId}`)) ?? '{}') as {
      devices: object;
    };
    await redis.quit();
    expect(Object.keys(stored.devices).sort()).toEqual(devices.map(({ id }) => id).sort());
  });

  it('is unavailable without chat to say who may know whom', async () => {
    const { members } = await team(2);
    world.people.silent = true;
    const reply = await subscribe(members[0], members[0].workspaceId, [members[1]]);
    world.people.silent = false;
    expect([reply.status, reply.body['code']]).toEqual([503, 'unavailable']);
  });

  it('belongs to people: neither to bots nor to nobody', async () => {
    const bot = await world.member(newId.workspace());
    const token = await world.keys.sign({ userId: bot.userId, sessionId: bot.sessionId, kind: 'bot' });
    const body = { deviceId: randomUUID(), state: 'active' };
    for (const [route, input] of [
      ['GET /me/presence', undefined],
      ['PUT /me/presence', body],
      ['PUT /me/availability', { availability: 'away' }],
    ] as const) {
      const denied = await one.call(route, { token, body: input });
      expect([denied.status, denied.body['code']]).toEqual([403, 'permission.denied']);
      expect((await one.call(route, { body: input })).status).toBe(401);
    }
    const subscribed = await one.call(`PUT /workspaces/${bot.workspaceId}/presence/subscriptions`, {
      token,
      body: { deviceId: body.deviceId, userIds: [] },
    });
    expect([subscribed.status, subscribed.body]).toEqual([200, { presences: [] }]);
  });

  it.each([
    ['PUT /me/presence', { state: 'active' }, '/deviceId'],
    ['PUT /me/presence', { deviceId: 'x', state: 'active' }, '/deviceId'],
    ['PUT /me/presence', { deviceId: randomUUID(), state: 'online' }, '/state'],
    ['PUT /me/availability', { availability: 'offline' }, '/availability'],
    ['PUT /workspaces/w/presence/subscriptions', { deviceId: randomUUID(), userIds: ['x'] }, '/userIds/0'],
    [
      'PUT /workspaces/w/presence/subscriptions',
      { deviceId: randomUUID(), userIds: Array.from({ length: 501 }, () => newId.user()) },
      '/userIds',
    ],
  ])('%s refuses what is wrong, and says where', async (route, body, pointer) => {
    const ada = await world.member(newId.workspace());
    const reply = await one.call(route.replace('/w/', `/${ada.workspaceId}/`), { token: ada.token, body });
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });
});
