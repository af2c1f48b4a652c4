import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message, Notification, NotificationDelivery, NotificationPreferences, Page } from '#contracts';
import { eventually } from '#testing';
import { nextEvent, RunningParley, type Person } from './running-parley.js';

describe('notifications, through the gateway', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId, channelId } = await parley.team());
  }, 120_000);
  afterAll(() => parley?.stop(), 60_000);

  const list = async (who = bob, query = '') => {
    const reply = await who.call<Page<Notification>>(
      `GET /notifications?workspaceId=${workspaceId}&limit=200${query}`,
    );
    expect(reply.status).toBe(200);
    return reply.body.data;
  };
  const about = async ({ id }: Message, who = bob) =>
    (await list(who)).filter(({ messageId }) => messageId === id);
  const states = async ({ id }: Notification) => {
    const { body } = await bob.call<Page<NotificationDelivery>>('GET /me/notification-deliveries?limit=200');
    const mine = body.data.filter(({ notificationId }) => notificationId === id);
    return Object.fromEntries(mine.map(({ channel, state, errorCode }) => [channel, errorCode ?? state]));
  };
  const says = async (text: string, more: object = {}, where = channelId) => ada.post(where, text, more);
  const call = () => says(`<@${bob.id}>, look`);
  /** The notification of a call that comes after all that was said before. */
  const mark = async () => {
    const message = await call();
    await eventually(async () => expect(await about(message)).toHaveLength(1));
  };

  it('a mention is told to the devices of whom it calls, and reading it elsewhere takes it back', async () => {
    const [phone, desk, mine] = [
      await bob.listen(workspaceId),
      await bob.listen(workspaceId),
      await ada.listen(workspaceId),
    ];
    const message = await call();
    const { event } = await nextEvent(phone, 'notification.created');
    expect(event.data.notification).toMatchObject({
      messageId: message.id,
      channelId,
      workspaceId,
      senderId: ada.id,
      reason: 'mention',
      readAt: null,
    });
    expect((await nextEvent(desk, 'notification.created')).event).toEqual(event);
    expect(await about(message)).toEqual([event.data.notification]);
    await bob.call(`PUT /channels/${channelId}/read-cursor`, { seq: message.seq });
    const read = (await nextEvent(phone, 'notification.updated')).event.data.notification;
    expect(read).toMatchObject({ id: event.data.notification.id, readAt: expect.any(String), version: 2 });
    expect(await list(bob, '&unread=true')).toEqual([]);
    expect(await states(read)).toMatchObject({
      in_app: 'sent',
      push: expect.stringMatching(/^(read|push_off)$/),
    });
    // The sender is told of nothing.
    expect(await list(ada)).toEqual([]);
    await Promise.all([phone, desk, mine].map((stream) => stream.close()));
  });

  it('what is said directly, in a followed thread, with a keyword, and where all is wanted, is told; else not', async () => {
    const { body: direct } = await ada.call<{ channel: { id: string } }>(
      `POST /workspaces/${workspaceId}/dms`,
      {
        userIds: [bob.id],
      },
    );
    const root = await bob.post(channelId, 'who is for it?');
    const words = { keywords: [{ workspaceId, words: ['Zürich'] }] };
    const wished = await bob.call<NotificationPreferences>('PATCH /me/notification-preferences', words);
    expect(wished.body).toMatchObject({ ...words, version: 1 });
    const loud = await ada.channel(workspaceId);
    await bob.call(`POST /channels/${loud}/join`);
    await bob.call(`PATCH /channels/${loud}/preferences`, { level: 'all' });
    const told = new Map([
      [await says('psst', {}, direct.channel.id), 'direct'],
      [await says('I am', { threadId: root.id }), 'thread'],
      [await says('off to ZURICH, then'), 'keyword'],
      [await says('anything', {}, loud), 'channel'],
      [await says('@channel'), 'mention'],
    ]);
    const untold = [await says('nothing in particular'), await says('`zurich`')];
    for (const [message, reason] of told)
      await eventually(async () => expect(await about(message)).toMatchObject([{ reason }]));
    await mark();
    for (const message of untold) expect(await about(message)).toEqual([]);
  });

  it('of what is muted only the name calls, and quiet is not disturbed', async () => {
    await bob.call(`PATCH /channels/${channelId}/preferences`, { muted: true });
    const everyone = await says('@channel');
    const named = await call();
    await eventually(async () => expect(await about(named)).toHaveLength(1));
    await mark();
    expect(await about(everyone)).toEqual([]);
    await bob.call(`PATCH /channels/${channelId}/preferences`, { muted: false });
    const dndUntil = new Date(Date.now() + 60 * 60_000).toISOString();
    await bob.call('PATCH /me/preferences', { dndUntil });
    const message = await call();
    const [quiet] = await eventually(async () => {
      const found = await about(message);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(await states(quiet as Notification)).toMatchObject({ in_app: 'sent', push: 'quiet' });
    await bob.call('PATCH /me/preferences', { dndUntil: null });
  });

  it('an edit tells whom it calls now, and deleting takes it back', async () => {
    const message = await says('look');
    await mark();
    await ada.call(`PATCH /messages/${message.id}`, { text: `<@${bob.id}>, look` });
    await eventually(async () => expect(await about(message)).toMatchObject([{ reason: 'mention' }]));
    const stream = await bob.listen(workspaceId);
    await ada.call(`DELETE /messages/${message.id}`);
    const { event } = await nextEvent(stream, 'notification.updated');
    expect(event.data.notification).toMatchObject({ messageId: message.id, withdrawnAt: expect.any(String) });
    expect(await about(message)).toEqual([]);
    await stream.close();
  });

  it('a notify that is killed over and over neither loses nor doubles one', async () => {
    const sent: Message[] = [];
    for (let round = 0; round < 2; round++) {
      sent.push(...(await Promise.all(Array.from({ length: 10 }, call))));
      await parley.instance.kill('notify');
      sent.push(...(await Promise.all(Array.from({ length: 10 }, call))));
      await parley.instance.start('notify');
    }
    await eventually(
      async () => {
        const told = (await list()).map(({ messageId }) => messageId as string);
        expect(sent.filter(({ id }) => !told.includes(id))).toEqual([]);
        expect(new Set(told).size).toBe(told.length);
      },
      { timeoutMs: 60_000, everyMs: 250 },
    );
  }, 120_000);
});
