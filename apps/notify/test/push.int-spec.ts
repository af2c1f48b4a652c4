import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, newId } from '#testing';
import { DeliveriesRepository } from '../src/notifications/deliveries.repository.js';
import { aNotice, type DeliveryDesk } from './delivery-desk.js';
import { Device } from './push-encryption.js';
import { PushBench, settled, tried } from './push-bench.js';
import { listen } from './running-notify.js';

it('a device of the test decrypts the example of RFC 8291', () => {
  const device = Device.of('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'BTBZMqHH6r4Tts7J_aSIgg');
  const body =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
  expect(device.decrypt(Buffer.from(body, 'base64url'))).toBe('When I grow up, I want to be a watermelon');
});

describe('web push', () => {
  let bench: PushBench;
  let desk: DeliveryDesk;
  beforeAll(async () => {
    bench = await PushBench.open();
    desk = bench.desk;
  });
  afterAll(() => bench?.close());

  it('reaches the device alone that subscribed, encrypted and signed', async () => {
    const { person, device } = await bench.subscribed();
    const { device: other } = await bench.subscribed();
    const channelId = newId.channel();
    expect(
      await settled(
        desk,
        await desk.owe(person.userId, 'push', { workspaceId: bench.workspaceId, channelId }),
      ),
    ).toMatchObject({
      state: 'sent',
      attempts: 1,
    });
    expect(device.received).toEqual([
      {
        payload: expect.objectContaining({
          content: 'full',
          channelId,
          workspaceId: bench.workspaceId,
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
    expect([other.received, bench.service.refused]).toEqual([[], []]);
  });

  it('says no more than that there is something, where that is wanted', async () => {
    const { person, device } = await bench.subscribed({ content: 'minimal' });
    await settled(desk, await desk.owe(person.userId, 'push'));
    expect(device.received).toHaveLength(1);
    const told = JSON.stringify(device.received[0]?.payload);
    for (const word of Object.values(aNotice)) expect(told).not.toContain(word);
  });

  it('replaces what a device has not seen yet of the same conversation', async () => {
    const { person, device } = await bench.subscribed();
    const channelId = newId.channel();
    for (const where of [channelId, channelId, newId.channel()])
      await settled(desk, await desk.owe(person.userId, 'push', { channelId: where }));
    const [first, second, elsewhere] = device.received.map(({ topic }) => topic);
    expect(second).toBe(first);
    expect(elsewhere).not.toBe(first);
  });

  it('tells nothing of a message that was read, deleted or is closed to the person by now', async () => {
    const { person, device } = await bench.subscribed();
    const messageId = newId.message();
    desk.notices.set(messageId, null);
    expect(await settled(desk, await desk.owe(person.userId, 'push', { messageId }))).toMatchObject({
      state: 'cancelled',
      errorCode: 'not_readable',
    });
    const read = await desk.owe(person.userId, 'push', { dueAt: new Date(Date.now() + 1500) });
    await desk.cancel(read);
    await settled(desk, await desk.owe(person.userId, 'push', { dueAt: new Date(Date.now() + 2000) }));
    expect(device.received).toHaveLength(1);
  });

  it('has nowhere to go without a subscription', async () => {
    const { userId } = await bench.person();
    expect(await settled(desk, await desk.owe(userId, 'push'))).toMatchObject({
      state: 'cancelled',
      errorCode: 'no_subscription',
    });
  });

  it('forgets a device that is gone, and tells the others of the person', async () => {
    const { person, device } = await bench.subscribed();
    const stream = await listen(bench.notify, person);
    device.answer = () => ({ status: 410 });
    expect(await settled(desk, await desk.owe(person.userId, 'push'))).toMatchObject({
      state: 'gone',
      errorCode: 'http_410',
    });
    const frame = await stream.next(({ event }) => event === 'push_subscriptions.updated');
    expect((JSON.parse(frame.data) as { data: unknown }).data).toEqual({ pushSubscriptions: [], version: 2 });
    expect(await bench.list(person)).toEqual({ pushSubscriptions: [], version: 2 });
    await stream.close();
  });

  it('comes again when the service asks for it, to the devices that have not got it', async () => {
    const { person, device: busy } = await bench.subscribed();
    const calm = bench.service.subscribe();
    await bench.save(person, calm.body);
    busy.answer = () => ({ status: 429, headers: { 'retry-after': '300' } });
    const id = await desk.owe(person.userId, 'push');
    const row = await tried(desk, id, 1);
    expect(row).toMatchObject({ state: 'pending', errorCode: 'http_429' });
    const wait = row.dueAt.getTime() - Date.now();
    expect([wait > 280_000, wait < 460_000]).toEqual([true, true]);
    busy.answer = () => ({ status: 201 });
    await desk.hasten(id);
    expect(await settled(desk, id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect([busy.received.length, calm.received.length]).toEqual([1, 1]);
  });

  it('is given up after some attempts', async () => {
    const { person, device } = await bench.subscribed();
    device.answer = () => ({ status: 503 });
    const id = await desk.owe(person.userId, 'push');
    await desk.database.execute(`UPDATE notify.deliveries SET attempts = 5 WHERE id = $1`, [id]);
    expect(await settled(desk, id)).toMatchObject({ state: 'failed', errorCode: 'http_503', attempts: 6 });
  });

  it('says less when the service finds it too large', async () => {
    const { person, device } = await bench.subscribed();
    const messageId = newId.message();
    desk.notices.set(messageId, { ...aNotice, preview: 'x'.repeat(240) });
    device.answer = (bytes) => ({ status: bytes > 700 ? 413 : 201 });
    expect((await settled(desk, await desk.owe(person.userId, 'push', { messageId }))).state).toBe('sent');
    expect(device.received.map(({ payload }) => [payload.senderName, payload.text])).toEqual([
      ['Grace', undefined],
    ]);
  });

  it('stops asking a service that refuses every push', async () => {
    const { person, device } = await bench.subscribed();
    device.answer = () => ({ status: 403 });
    for (let n = 0; n < 5; n++) {
      expect((await bench.list(person)).pushSubscriptions).toHaveLength(1);
      const id = await desk.owe(person.userId, 'push');
      expect(await settled(desk, id)).toMatchObject({ state: 'failed', errorCode: 'http_403' });
    }
    await eventually(async () => expect((await bench.list(person)).pushSubscriptions).toEqual([]));
  });

  it('waits for chat', async () => {
    const { person, device } = await bench.subscribed();
    desk.chatAnswers = false;
    const id = await desk.owe(person.userId, 'push');
    expect(await tried(desk, id, 1)).toMatchObject({ state: 'pending', errorCode: 'chat_away' });
    desk.chatAnswers = true;
    await desk.hasten(id);
    expect((await settled(desk, id)).state).toBe('sent');
    expect(device.received).toHaveLength(1);
  });

  it('is sent once, however many processes deliver', async () => {
    const { person, device } = await bench.subscribed();
    const second = await bench.start();
    const ids = await Promise.all(Array.from({ length: 60 }, () => desk.owe(person.userId, 'push')));
    await Promise.all(ids.map((id) => settled(desk, id)));
    await second.stop();
    expect(device.received).toHaveLength(60);
    expect(new Set(device.received.map(({ payload }) => payload.notificationId)).size).toBe(60);
  });

  it('is sent by another process when the one that had it died, and not before its lease is over', async () => {
    const { person, device } = await bench.subscribed();
    await bench.notify.stop();
    const id = await desk.owe(person.userId, 'push');
    const died = new DeliveriesRepository(desk.database);
    const leaseEnd = Date.now() + 3000;
    await died.claim('push', { limit: 1, leaseMs: 3000, now: new Date() });
    bench.notify = await bench.start();
    expect(await settled(desk, id)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(Date.now()).toBeGreaterThanOrEqual(leaseEnd);
    expect(device.received).toHaveLength(1);
  });

  it('is finished when the process is to stop', async () => {
    const { person, device } = await bench.subscribed();
    const asked = Promise.withResolvers<void>();
    const stopping = Promise.withResolvers<void>();
    device.answer = async () => {
      asked.resolve();
      await stopping.promise;
      return { status: 201 };
    };
    const id = await desk.owe(person.userId, 'push');
    await asked.promise;
    const stopped = bench.notify.stop();
    setTimeout(stopping.resolve, 300);
    await stopped;
    expect(await desk.row(id)).toMatchObject({ state: 'sent', attempts: 1 });
    bench.notify = await bench.start();
    expect(device.received).toHaveLength(1);
  });
});
