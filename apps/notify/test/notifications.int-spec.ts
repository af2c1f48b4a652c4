import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NotificationDelivery } from '#contracts';
import { eventually, newId } from '#testing';
import { NotificationsWorld } from './notifications-world.js';
import { listen, type Person } from './running-notify.js';
import { person } from './told-facts.js';

describe('notifications', () => {
  let t: NotificationsWorld;
  beforeAll(async () => {
    t = await NotificationsWorld.start();
  });
  beforeEach(() => t.fresh());
  afterAll(() => t.stop());

  it('are listed, told to every device of their reader and to nobody else, and put down for delivery', async () => {
    const eve = await t.world.member(t.w, t.c);
    const streams = [
      await listen(t.notify, t.ada),
      await listen(t.notify, t.ada),
      await listen(t.notify, eve),
    ];
    const message = await t.say({ text: 'look' });
    const notification = await t.next(streams[0] as never, 'notification.created');
    expect(notification).toEqual({
      id: expect.any(String),
      workspaceId: t.w,
      channelId: t.c,
      messageId: message.id,
      threadId: null,
      seq: message.seq,
      senderId: message.senderId,
      reason: 'mention',
      createdAt: expect.any(String),
      readAt: null,
      withdrawnAt: null,
      version: 1,
    });
    expect(await t.next(streams[1] as never, 'notification.created')).toEqual(notification);
    expect(await t.list()).toEqual([notification]);
    expect(await t.list(eve)).toEqual([]);
    expect(await t.deliveries()).toEqual({ in_app: 'sent', push: 'pending', email: 'pending' });
    await expect(streams[2]?.next(({ event }) => event.startsWith('notification'), 300)).rejects.toThrow();
    await Promise.all(streams.map((stream) => stream.close()));
  });

  it('are one for each message, however often it is told', async () => {
    const { message } = await t.told();
    await Promise.all(Array.from({ length: 5 }, () => t.chat.created(message)));
    await t.handled();
    expect(await t.list()).toHaveLength(1);
    const { rows } = await t.sql.query(
      'SELECT count(*)::int AS count FROM notify.deliveries WHERE user_id = $1',
      [t.ada.userId],
    );
    expect(rows).toEqual([{ count: 3 }]);
  });

  it('are made of an edit for those it calls, and for nobody twice', async () => {
    const { message } = await t.told();
    const eve = await t.world.member(t.w, t.c);
    t.chat.always([
      person(eve.userId, { named: true, lastReadSeq: message.seq }),
      person(t.ada.userId, { named: true }),
    ]);
    const editedAt = new Date().toISOString();
    const mentions = [{ kind: 'user' as const, id: eve.userId as never }];
    await t.chat.changed('message.updated', { ...message, mentions, editedAt, version: 2 });
    await eventually(async () => expect(await t.list(eve)).toMatchObject([{ reason: 'mention' }]));
    expect(t.chat.requests.at(-1)?.messages).toMatchObject([{ messageId: message.id, edited: true }]);
    expect(await t.list()).toHaveLength(1);
    const asked = t.chat.requests.length;
    await t.chat.changed('message.updated', { ...message, version: 3 });
    await t.handled();
    expect(t.chat.requests).toHaveLength(asked);
  });

  it('are recorded and not pushed while their reader wants to be left in peace', async () => {
    const dndUntil = new Date(Date.now() + 60 * 60_000).toISOString();
    await t.notify.call('PATCH /me/notification-preferences', { ...t.ada, body: { email: 'instant' } });
    t.chat.always([person(t.ada.userId, { named: true, dndUntil })]);
    await t.told();
    expect(await t.deliveries()).toEqual({ in_app: 'sent', push: 'quiet', email: 'pending' });
    const { body } = await t.notify.call('GET /me/notification-deliveries', t.ada);
    const letter = (body['data'] as NotificationDelivery[]).find(({ channel }) => channel === 'email');
    expect(Date.parse(letter?.dueAt ?? '')).toBeGreaterThanOrEqual(Date.parse(dndUntil));
  });

  it('are not made of what is muted', async () => {
    t.chat.always([person(t.ada.userId, { muted: true })], { wide: 'channel' });
    await t.say();
    await t.handled();
    expect(await t.list()).toEqual([]);
  });

  it('are made of keywords, and for those who want to know of everything', async () => {
    const eve = await t.world.member(t.w, t.c);
    const patch = (who: Person, body: object) =>
      t.notify.call('PATCH /me/notification-preferences', { ...who, body });
    await patch(t.ada, { keywords: [{ workspaceId: t.w, words: ['Déploy', 'art'] }] });
    await patch(eve, { level: 'all' });
    t.chat.answer = ({ candidates }) => ({
      direct: false,
      wide: null,
      next: null,
      people: [...candidates.map((id) => person(id)), person(eve.userId)],
    });
    await t.say({ text: 'the party is at the deploy', senderId: newId.user() });
    await eventually(async () => expect(await t.list()).toMatchObject([{ reason: 'keyword' }]));
    expect(await t.list(eve)).toMatchObject([{ reason: 'channel' }]);
    const request = t.chat.requests.at(-1);
    expect(request?.messages[0]?.candidates).toEqual([t.ada.userId]);
    expect(request?.listeners).toContain(eve.userId);
    await t.say({ text: 'a party; `deploy`' });
    await t.handled();
    expect(await t.list()).toHaveLength(1);
    await patch(eve, { level: 'mentions' });
  });

  it('wait for chat when it does not answer, and are then made once', async () => {
    t.chat.answer = () => null;
    await t.say();
    await t.handled();
    t.chat.before = () => new Promise(() => undefined);
    t.chat.always([person(t.ada.userId, { named: true })]);
    const message = await t.say();
    await eventually(() =>
      expect(t.chat.requests.at(-1)?.messages).toMatchObject([{ messageId: message.id }]),
    );
    // The process that asked goes down with the question open; another one goes on.
    const [first, second] = [t.notify, await t.second()];
    t.chat.before = () => Promise.resolve();
    await first.stop();
    t.notify = second;
    await eventually(async () => expect(await t.list()).toHaveLength(1), { timeoutMs: 30_000 });
  });

  it('are neither lost nor doubled by two processes', async () => {
    const second = await t.second();
    const messages = await Promise.all(Array.from({ length: 60 }, () => t.say()));
    await Promise.all(messages.map((message) => t.chat.created({ ...message })));
    await t.handled();
    const ids = (await t.list(t.ada, '&limit=200')).map(({ messageId }) => messageId);
    expect(ids.sort()).toEqual(messages.map(({ id }) => id).sort());
    await second.stop();
  });

  it('are made for everyone that chat tells of, page by page', async () => {
    const people = Array.from({ length: 1200 }, () => newId.user()).sort();
    t.chat.answer = ({ after }) => {
      const rest = people.filter((id) => id > (after ?? ''));
      const page = rest.slice(0, 500);
      return {
        direct: false,
        wide: 'channel',
        people: page.map((id) => person(id)),
        next: rest.length > 500 ? (page.at(-1) as string) : null,
      };
    };
    const message = await t.say();
    await t.handled();
    const { rows } = await t.sql.query(
      'SELECT user_id FROM notify.notifications WHERE message_id = $1 ORDER BY 1',
      [message.id],
    );
    expect(rows.map(({ user_id }: { user_id: string }) => user_id)).toEqual(people);
  });
});
