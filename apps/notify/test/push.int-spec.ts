import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  routes,
  type OperationId,
  type PushSubscription,
  type PushSubscriptions,
  type SavePushSubscription,
} from '#contracts';
import { anEvent, eventually, newId, startPostgresDatabase, type TestDatabase } from '#testing';
import { Storage } from '../src/engines/storage.js';
import { DeliveriesRepository } from '../src/notifications/deliveries.repository.js';
import { aNotice, DeliveryDesk } from './delivery-desk.js';
import { FakePushService } from './fake-push-service.js';
import { Device } from './push-encryption.js';
import { listen, RunningNotify, World, type Person } from './running-notify.js';

const VAPID = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' })
  .d as string;

it('a device of the test decrypts the example of RFC 8291', () => {
  const device = Device.of('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'BTBZMqHH6r4Tts7J_aSIgg');
  const body =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
  expect(device.decrypt(Buffer.from(body, 'base64url'))).toBe('When I grow up, I want to be a watermelon');
});

describe('web push', () => {
  let world: World;
  let postgres: TestDatabase;
  let desk: DeliveryDesk;
  let service: FakePushService;
  let notify: RunningNotify;
  let key = '';
  const workspaceId = newId.workspace();
  const start = async (env: Record<string, string> = {}) => {
    const running = await RunningNotify.start(world, {
      POSTGRES_URL: postgres.url,
      PUBLIC_URL: 'https://chat.example',
      VAPID_PRIVATE_KEY: VAPID,
      ...service.env,
      ...env,
    });
    await running.app.get(Storage).ready;
    return running;
  };
  const call = async <T>(person: Pick<Person, 'token'>, route: string, body?: unknown, at = notify) => {
    const [method, path] = route.split(' ') as [string, string];
    const reply = await fetch(`${at.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${person.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: (text === '' ? null : JSON.parse(text)) as T & { code?: string } };
  };
  const save = async (person: Person, body: Partial<SavePushSubscription>) =>
    call<PushSubscription>(person, 'POST /push-subscriptions', body);
  const list = async (person: Person) =>
    (await call<PushSubscriptions>(person, 'GET /push-subscriptions')).body;
  const subscribed = async (fields: Partial<SavePushSubscription> = {}) => {
    const person = await world.member(workspaceId);
    const device = service.subscribe(fields);
    expect((await save(person, device.body)).status).toBe(201);
    return { person, device };
  };
  const settled = (id: string) =>
    eventually(async () => {
      const row = await desk.row(id);
      if (row.state === 'pending') throw new Error('pending');
      return row;
    });
  const tried = (id: string, attempts: number) =>
    eventually(async () => {
      const row = await desk.row(id);
      if (row.attempts < attempts || row.errorCode === null) throw new Error('not tried');
      return row;
    });

  beforeAll(async () => {
    [world, postgres] = await Promise.all([World.start(), startPostgresDatabase({ migrations: 'notify' })]);
    desk = await DeliveryDesk.open(world, postgres.url);
    service = await FakePushService.start(() => key);
    notify = await start();
    const anyone = await world.member(workspaceId);
    key = (await call<{ publicKey: string }>(anyone, 'GET /push/key')).body.publicKey;
  });
  afterAll(async () => {
    await notify?.stop();
    await service?.stop();
    await desk?.close();
    await world?.stop();
    await postgres?.drop();
  });

  it('reaches the device alone that subscribed, encrypted and signed', async () => {
    const { person, device } = await subscribed();
    const { device: other } = await subscribed();
    const channelId = newId.channel();
    expect(await settled(await desk.owe(person.userId, 'push', { workspaceId, channelId }))).toMatchObject({
      state: 'sent',
      attempts: 1,
    });
    expect(device.received).toEqual([
      {
        payload: expect.objectContaining({
          content: 'full',
          channelId,
          workspaceId,
          reason: 'mention',
          senderName: 'Grace',
          channelName: 'general',
          workspaceName: 'Acme',
          text: 'Lunch?',
        }),
        bytes: expect.any(Number),
        topic: expect.stringMatching(/^[\w-]{32}$/),
        urgency: 'high',
        ttl: 86_400,
        subject: 'https://chat.example',
      },
    ]);
    expect([other.received, service.refused]).toEqual([[], []]);
  });

  it('says no more than that there is something, where that is wanted', async () => {
    const { person, device } = await subscribed({ content: 'minimal' });
    await settled(await desk.owe(person.userId, 'push'));
    expect(device.received).toHaveLength(1);
    const told = JSON.stringify(device.received[0]?.payload);
    for (const word of Object.values(aNotice)) expect(told).not.toContain(word);
  });

  it('replaces what a device has not seen yet of the same conversation', async () => {
    const { person, device } = await subscribed();
    const channelId = newId.channel();
    for (const where of [channelId, channelId, newId.channel()])
      await settled(await desk.owe(person.userId, 'push', { channelId: where }));
    const [first, second, elsewhere] = device.received.map(({ topic }) => topic);
    expect(second).toBe(first);
    expect(elsewhere).not.toBe(first);
  });

  it('tells nothing of a message that was read, deleted or is closed to the person by now', async () => {
    const { person, device } = await subscribed();
    const messageId = newId.message();
    desk.notices.set(messageId, null);
    expect(await settled(await desk.owe(person.userId, 'push', { messageId }))).toMatchObject({
      state: 'cancelled',
      errorCode: 'not_readable',
    });
    const read = await desk.owe(person.userId, 'push', { dueAt: new Date(Date.now() + 1500) });
    await desk.cancel(read);
    await settled(await desk.owe(person.userId, 'push', { dueAt: new Date(Date.now() + 2000) }));
    expect(device.received).toHaveLength(1);
  });

  it('has nowhere to go without a subscription', async () => {
    const { userId } = await world.member(workspaceId);
    expect(await settled(await desk.owe(userId, 'push'))).toMatchObject({
      state: 'cancelled',
      errorCode: 'no_subscription',
    });
  });

  it('forgets a device that is gone, and tells the others of the person', async () => {
    const { person, device } = await subscribed();
    const stream = await listen(notify, person);
    device.answer = () => ({ status: 410 });
    expect(await settled(await desk.owe(person.userId, 'push'))).toMatchObject({
      state: 'gone',
      errorCode: 'http_410',
    });
    const frame = await stream.next(({ event }) => event === 'push_subscriptions.updated');
    expect((JSON.parse(frame.data) as { data: unknown }).data).toEqual({ pushSubscriptions: [], version: 2 });
    expect(await list(person)).toEqual({ pushSubscriptions: [], version: 2 });
    await stream.close();
  });

  it('comes again when the service asks for it, to the devices that have not got it', async () => {
    const { person, device: busy } = await subscribed();
    const calm = service.subscribe();
    await save(person, calm.body);
    busy.answer = () => ({ status: 429, headers: { 'retry-after': '300' } });
    const id = await desk.owe(person.userId, 'push');
    const row = await tried(id, 1);
    expect(row).toMatchObject({ state: 'pending', errorCode: 'http_429' });
    const wait = row.dueAt.getTime() - Date.now();
    expect([wait > 280_000, wait < 460_000]).toEqual([true, true]);
    busy.answer = () => ({ status: 201 });
    await desk.hasten(id);
    expect(await settled(id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect([busy.received.length, calm.received.length]).toEqual([1, 1]);
  });

  it('is given up after some attempts', async () => {
    const { person, device } = await subscribed();
    device.answer = () => ({ status: 503 });
    const id = await desk.owe(person.userId, 'push');
    await desk.database.execute(`UPDATE notify.deliveries SET attempts = 5 WHERE id = $1`, [id]);
    expect(await settled(id)).toMatchObject({ state: 'failed', errorCode: 'http_503', attempts: 6 });
  });

  it('says less when the service finds it too large', async () => {
    const { person, device } = await subscribed();
    const messageId = newId.message();
    desk.notices.set(messageId, { ...aNotice, preview: 'x'.repeat(240) });
    device.answer = (bytes) => ({ status: bytes > 700 ? 413 : 201 });
    expect((await settled(await desk.owe(person.userId, 'push', { messageId }))).state).toBe('sent');
    expect(device.received.map(({ payload }) => [payload.senderName, payload.text])).toEqual([
      ['Grace', undefined],
    ]);
  });

  it('stops asking a service that refuses every push', async () => {
    const { person, device } = await subscribed();
    device.answer = () => ({ status: 403 });
    for (let n = 0; n < 5; n++) {
      expect((await list(person)).pushSubscriptions).toHaveLength(1);
      const id = await desk.owe(person.userId, 'push');
      expect(await settled(id)).toMatchObject({ state: 'failed', errorCode: 'http_403' });
    }
    await eventually(async () => expect((await list(person)).pushSubscriptions).toEqual([]));
  });

  it('waits for chat', async () => {
    const { person, device } = await subscribed();
    desk.chatAnswers = false;
    const id = await desk.owe(person.userId, 'push');
    expect(await tried(id, 1)).toMatchObject({ state: 'pending', errorCode: 'chat_away' });
    desk.chatAnswers = true;
    await desk.hasten(id);
    expect((await settled(id)).state).toBe('sent');
    expect(device.received).toHaveLength(1);
  });

  it('is sent once, however many processes deliver', async () => {
    const { person, device } = await subscribed();
    const second = await start();
    const ids = await Promise.all(Array.from({ length: 60 }, () => desk.owe(person.userId, 'push')));
    await Promise.all(ids.map(settled));
    await second.stop();
    expect(device.received).toHaveLength(60);
    expect(new Set(device.received.map(({ payload }) => payload.notificationId)).size).toBe(60);
  });

  it('is sent by another process when the one that had it died, and not before its lease is over', async () => {
    const { person, device } = await subscribed();
    await notify.stop();
    const id = await desk.owe(person.userId, 'push');
    const died = new DeliveriesRepository(desk.database);
    const leaseEnd = Date.now() + 3000;
    await died.claim('push', { limit: 1, leaseMs: 3000, now: new Date() });
    notify = await start();
    expect(await settled(id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(Date.now()).toBeGreaterThanOrEqual(leaseEnd);
    expect(device.received).toHaveLength(1);
  });

  it('is finished when the process is to stop', async () => {
    const { person, device } = await subscribed();
    const asked = Promise.withResolvers<void>();
    const stopping = Promise.withResolvers<void>();
    device.answer = async () => {
      asked.resolve();
      await stopping.promise;
      return { status: 201 };
    };
    const id = await desk.owe(person.userId, 'push');
    await asked.promise;
    const stopped = notify.stop();
    setTimeout(stopping.resolve, 300);
    await stopped;
    expect(await desk.row(id)).toMatchObject({ state: 'sent', attempts: 1 });
    notify = await start();
    expect(device.received).toHaveLength(1);
  });

  describe('subscriptions', () => {
    it('are the same for the same endpoint, and the last word counts', async () => {
      const { person, device } = await subscribed({ deviceName: 'Phone' });
      const [first] = (await list(person)).pushSubscriptions;
      expect(first).toMatchObject({
        sessionId: person.sessionId,
        deviceName: 'Phone',
        content: 'full',
        service: `127.0.0.1:${service.port}`,
      });
      expect(JSON.stringify(first)).not.toContain(device.body.endpoint);
      const { body } = await save(person, { ...device.body, deviceName: 'Tablet', content: 'minimal' });
      expect(body).toEqual({ ...first, deviceName: 'Tablet', content: 'minimal' });
      expect(await list(person)).toEqual({ pushSubscriptions: [body], version: 2 });
    });

    it('go to whoever uses the browser now', async () => {
      const { person: before, device } = await subscribed();
      const now = await world.member(workspaceId);
      await save(now, device.body);
      expect((await list(before)).pushSubscriptions).toEqual([]);
      expect((await list(now)).pushSubscriptions).toHaveLength(1);
    });

    it('are removed by their owner only', async () => {
      const { person } = await subscribed();
      const [{ id } = { id: '' }] = (await list(person)).pushSubscriptions;
      const stranger = await world.member(workspaceId);
      expect((await call(stranger, `DELETE /push-subscriptions/${id}`)).body).toMatchObject({
        code: 'push_subscription.not_found',
      });
      expect((await call(person, `DELETE /push-subscriptions/${id}`)).status).toBe(204);
      expect((await list(person)).pushSubscriptions).toEqual([]);
    });

    it('end with their session, and with sessions that ended unheard', async () => {
      const [{ person }, { person: unheard }] = [await subscribed(), await subscribed()];
      const event = anEvent(
        'session.revoked',
        { sessionId: person.sessionId },
        { workspaceId: null, actorId: person.userId },
      );
      await world.publish(event, { scope: 'user', id: person.userId });
      const left = async ({ userId }: Person) =>
        (await desk.database.execute('SELECT id FROM notify.push_subscriptions WHERE user_id = $1', [userId]))
          .rows;
      await eventually(async () => expect(await left(person)).toEqual([]));
      expect(await left(unheard)).toHaveLength(1);
      desk.ended.add(unheard.sessionId);
      const second = await start();
      await eventually(async () => expect(await left(unheard)).toEqual([]));
      await second.stop();
    });

    it('are twenty at most, however many are made at once', async () => {
      const person = await world.member(workspaceId);
      const replies = await Promise.all(
        Array.from({ length: 24 }, () => save(person, service.subscribe().body)),
      );
      expect(replies.filter(({ status }) => status === 201)).toHaveLength(20);
      expect(replies.filter(({ body }) => body.code === 'push_subscription.too_many')).toHaveLength(4);
    });

    it.each([
      'https://127.0.0.2/x',
      'https://10.0.0.1/x',
      'https://[::1]/x',
      'https://169.254.169.254/latest',
      'https://user:pass@push.example/x',
      'https://push.example:22/x',
    ])('lead nowhere inside: %s', async (endpoint) => {
      const person = await world.member(workspaceId);
      expect((await save(person, { ...service.subscribe().body, endpoint })).body).toMatchObject({
        code: 'push.endpoint_refused',
      });
    });

    it('are https, with keys that something can be encrypted for', async () => {
      const person = await world.member(workspaceId);
      const { body } = service.subscribe();
      const off = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url');
      for (const [change, pointer] of [
        [{ endpoint: 'http://push.example/x' }, '/endpoint'],
        [{ keys: { ...body.keys, p256dh: off } }, '/keys/p256dh'],
        [{ keys: { ...body.keys, auth: 'short' } }, '/keys/auth'],
        [{ deviceName: '\u200b' }, '/deviceName'],
      ] as const)
        expect((await save(person, { ...body, ...change })).body).toMatchObject({
          code: 'request.invalid',
          errors: expect.arrayContaining([expect.objectContaining({ pointer })]),
        });
    });
  });

  it('is for people with an account', async () => {
    const { person } = await subscribed();
    const [{ id } = { id: '' }] = (await list(person)).pushSubscriptions;
    const requests: [OperationId, unknown?][] = [
      ['getPushKey'],
      ['listPushSubscriptions'],
      ['savePushSubscription', service.subscribe().body],
      ['deletePushSubscription'],
    ];
    const bot = { token: await world.keys.sign({ kind: 'bot' }) };
    for (const [operation, body] of requests) {
      const { method, path, access } = routes[operation];
      const verdict = async (token: string) => {
        const reply = await call({ token }, `${method} ${path.replace(':pushSubscriptionId', id)}`, body);
        return reply.status < 300 ? 'ok' : reply.body.code;
      };
      expect([operation, await verdict('')]).toEqual([operation, access.anonymous]);
      expect([operation, await verdict(bot.token)]).toEqual([operation, access.bot]);
      expect([operation, await verdict(person.token)]).toEqual([operation, access.member]);
    }
  });

  it('is off, and says so, without a key', async () => {
    const off = await start({ VAPID_PRIVATE_KEY: '' });
    const person = await world.member(workspaceId);
    expect((await call(person, 'GET /push/key', undefined, off)).body).toEqual({ publicKey: null });
    expect(
      (await call(person, 'POST /push-subscriptions', service.subscribe().body, off)).body,
    ).toMatchObject({
      code: 'push.off',
    });
    await off.stop();
  });

  it('reaches nothing inside that the operator has not named', async () => {
    const strict = await start({ PUSH_NETWORKS: '' });
    const person = await world.member(workspaceId);
    expect(
      (await call(person, 'POST /push-subscriptions', service.subscribe().body, strict)).body,
    ).toMatchObject({ code: 'push.endpoint_refused' });
    await strict.stop();
  });
});
