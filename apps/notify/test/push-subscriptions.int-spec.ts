import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anEvent, eventually } from '#testing';
import { call, PushBench } from './push-bench.js';
import type { Person } from './running-notify.js';

describe('push subscriptions', () => {
  let bench: PushBench;
  beforeAll(async () => {
    bench = await PushBench.open();
  });
  afterAll(() => bench?.close());

  it('are the same for the same endpoint, and the last word counts', async () => {
    const { person, device } = await bench.subscribed({ deviceName: 'Phone' });
    const [first] = (await bench.list(person)).pushSubscriptions;
    expect(first).toMatchObject({
      sessionId: person.sessionId,
      deviceName: 'Phone',
      content: 'full',
      service: `127.0.0.1:${bench.service.port}`,
    });
    expect(JSON.stringify(first)).not.toContain(device.body.endpoint);
    const { body } = await bench.save(person, { ...device.body, deviceName: 'Tablet', content: 'minimal' });
    expect(body).toEqual({ ...first, deviceName: 'Tablet', content: 'minimal' });
    expect(await bench.list(person)).toEqual({ pushSubscriptions: [body], version: 2 });
  });

  it('go to whoever uses the browser now', async () => {
    const { person: before, device } = await bench.subscribed();
    const now = await bench.person();
    await bench.save(now, device.body);
    expect((await bench.list(before)).pushSubscriptions).toEqual([]);
    expect((await bench.list(now)).pushSubscriptions).toHaveLength(1);
  });

  it('are removed by their owner only', async () => {
    const { person } = await bench.subscribed();
    const [{ id } = { id: '' }] = (await bench.list(person)).pushSubscriptions;
    const stranger = await bench.person();
    expect((await call(bench.notify, stranger, `DELETE /push-subscriptions/${id}`)).body).toMatchObject({
      code: 'push_subscription.not_found',
    });
    expect((await call(bench.notify, person, `DELETE /push-subscriptions/${id}`)).status).toBe(204);
    expect((await bench.list(person)).pushSubscriptions).toEqual([]);
  });

  it('end with their session, and with sessions that ended unheard', async () => {
    const [{ person }, { person: unheard }] = [await bench.subscribed(), await bench.subscribed()];
    const event = anEvent(
      'session.revoked',
      { sessionId: person.sessionId },
      { workspaceId: null, actorId: person.userId },
    );
    await bench.world.publish(event, { scope: 'user', id: person.userId });
    const left = async ({ userId }: Person) =>
      (
        await bench.desk.database.execute('SELECT id FROM notify.push_subscriptions WHERE user_id = $1', [
          userId,
        ])
      ).rows;
    await eventually(async () => expect(await left(person)).toEqual([]));
    expect(await left(unheard)).toHaveLength(1);
    bench.desk.ended.add(unheard.sessionId);
    const second = await bench.start();
    await eventually(async () => expect(await left(unheard)).toEqual([]));
    await second.stop();
  });

  it('are twenty at most, however many are made at once', async () => {
    const person = await bench.person();
    const replies = await Promise.all(
      Array.from({ length: 24 }, () => bench.save(person, bench.service.subscribe().body)),
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
    const person = await bench.person();
    expect((await bench.save(person, { ...bench.service.subscribe().body, endpoint })).body).toMatchObject({
      code: 'push.endpoint_refused',
    });
  });

  it('are https, with keys that something can be encrypted for', async () => {
    const person = await bench.person();
    const { body } = bench.service.subscribe();
    const off = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url');
    for (const [change, pointer] of [
      [{ endpoint: 'http://push.example/x' }, '/endpoint'],
      [{ keys: { ...body.keys, p256dh: off } }, '/keys/p256dh'],
      [{ keys: { ...body.keys, auth: 'short' } }, '/keys/auth'],
      [{ deviceName: '\u200b' }, '/deviceName'],
    ] as const)
      expect((await bench.save(person, { ...body, ...change })).body).toMatchObject({
        code: 'request.invalid',
        errors: expect.arrayContaining([expect.objectContaining({ pointer })]),
      });
  });

  it('are refused, and the key is null, while push is off', async () => {
    const off = await bench.start({ VAPID_PRIVATE_KEY: '' });
    const person = await bench.person();
    expect((await call(off, person, 'GET /push/key', undefined)).body).toEqual({ publicKey: null });
    expect(
      (await call(off, person, 'POST /push-subscriptions', bench.service.subscribe().body)).body,
    ).toMatchObject({
      code: 'push.off',
    });
    await off.stop();
  });

  it('reach nothing inside that the operator has not named', async () => {
    const strict = await bench.start({ PUSH_NETWORKS: '' });
    const person = await bench.person();
    expect(
      (await call(strict, person, 'POST /push-subscriptions', bench.service.subscribe().body)).body,
    ).toMatchObject({ code: 'push.endpoint_refused' });
    await strict.stop();
  });
});
