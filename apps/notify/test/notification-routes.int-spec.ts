import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Notification } from '#contracts';
import { newId } from '#testing';
import { NotificationsWorld } from './notifications-world.js';
import { listen, type Person } from './running-notify.js';

describe('notifications', () => {
  let t: NotificationsWorld;
  beforeAll(async () => {
    t = await NotificationsWorld.start();
  });
  beforeEach(() => t.fresh());
  afterAll(() => t.stop());

  it('are read one by one, or all at once, by their reader only', async () => {
    const eve = await t.world.member(t.w, t.c);
    const { notification } = await t.told();
    await t.told();
    const read = (who: Person) => t.notify.call(`POST /notifications/${notification.id}/read`, who);
    expect(await read(eve)).toMatchObject({ status: 404, body: { code: 'notification.not_found' } });
    const first = await read(t.ada);
    expect(first).toMatchObject({ status: 200, body: { id: notification.id, version: 2 } });
    expect((await read(t.ada)).body).toEqual(first.body);
    expect(await t.list(t.ada, '&unread=true')).toHaveLength(1);
    const stream = await listen(t.notify, t.ada);
    const all = (who: Person) =>
      t.notify.call('POST /notifications/read-all', { ...who, body: { workspaceId: t.w } });
    expect(await all(eve)).toMatchObject({ status: 200, body: { read: 0 } });
    expect(await all(t.ada)).toMatchObject({ status: 200, body: { read: 1 } });
    expect(await t.next(stream, 'notification.updated')).toMatchObject({ version: 2 });
    expect(await t.list(t.ada, '&unread=true')).toEqual([]);
    expect(await t.deliveries()).toEqual({ in_app: 'sent', push: 'read', email: 'read' });
    await stream.close();
  });

  it('are listed in pages, the newest first', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await t.told()).notification.id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await t.notify.call(
        `GET /notifications?workspaceId=${t.w}&limit=2${cursor && `&cursor=${cursor}`}`,
        t.ada,
      );
      seen.push(...(body['data'] as Notification[]).map(({ id }) => id));
      cursor = body['nextCursor'] as string | null;
    }
    expect(seen).toEqual(ids);
  });

  it('are wished for by each account, on all its devices, and the later of two changes is told so', async () => {
    const path = '/me/notification-preferences';
    expect(await t.notify.call(`GET ${path}`, t.ada)).toMatchObject({
      status: 200,
      body: { level: 'mentions', push: true, email: 'daily', keywords: [], version: 0 },
    });
    const stream = await listen(t.notify, t.ada);
    const body = { level: 'nothing', keywords: [{ workspaceId: t.w, words: ['one', 'two', 'one'] }] };
    const changed = await t.notify.call(`PATCH ${path}`, { ...t.ada, body });
    expect(changed.body).toEqual({
      level: 'nothing',
      push: true,
      email: 'daily',
      keywords: [{ workspaceId: t.w, words: ['one', 'two'] }],
      version: 1,
    });
    expect(changed.headers.get('etag')).toBe('"1"');
    const frame = await stream.next(({ event }) => event === 'notification_preferences.updated', 20_000);
    expect(JSON.parse(frame.data)).toMatchObject({ workspaceId: null, data: { preferences: changed.body } });
    const stale = await fetch(`${t.notify.url}/api/v1${path}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${t.ada.token}`,
        'content-type': 'application/json',
        'if-match': '"0"',
      },
      body: '{"push":false}',
    });
    expect([stale.status, ((await stale.json()) as { code: string }).code]).toEqual([
      412,
      'precondition.failed',
    ]);
    const cleared = await t.notify.call(`PATCH ${path}`, {
      ...t.ada,
      body: { keywords: [{ workspaceId: t.w, words: [] }] },
    });
    expect(cleared.body).toMatchObject({ level: 'nothing', keywords: [], version: 2 });
    await stream.close();
  });

  it.each<[string, object, string]>([
    ['a level there is not', { level: 'some' }, '/level'],
    [
      'a keyword of one letter',
      { keywords: [{ workspaceId: newId.workspace(), words: ['a'] }] },
      '/keywords/0/words/0',
    ],
    [
      'a keyword without a letter',
      { keywords: [{ workspaceId: newId.workspace(), words: ['...'] }] },
      '/keywords/0/words/0',
    ],
    [
      'too many keywords',
      {
        keywords: [
          { workspaceId: newId.workspace(), words: Array.from({ length: 51 }, (_, n) => `word${n}`) },
        ],
      },
      '/keywords/0/words',
    ],
  ])('are not wished for with %s', async (_, body, pointer) => {
    const reply = await t.notify.call('PATCH /me/notification-preferences', { ...t.ada, body });
    expect(reply).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ pointer }] } });
  });

  it('are not for bots', async () => {
    const token = await t.world.keys.sign({ kind: 'bot' });
    for (const route of [
      `GET /notifications?workspaceId=${t.w}`,
      'GET /me/notification-preferences',
      'GET /me/notification-deliveries',
    ])
      expect(await t.notify.call(route, { token })).toMatchObject({
        status: 403,
        body: { code: 'permission.denied' },
      });
    expect(await t.notify.call(`GET /notifications?workspaceId=${t.w}`, {})).toMatchObject({ status: 401 });
    const foreign = await t.notify.call(`GET /notifications?workspaceId=${t.w}&cursor=nonsense`, t.ada);
    expect(foreign).toMatchObject({ status: 400, body: { errors: [{ pointer: '/query/cursor' }] } });
  });
});
