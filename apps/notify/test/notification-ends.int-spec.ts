import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { anEvent, eventually, newId } from '#testing';
import { RetentionService } from '../src/notifications/retention.service.js';
import { NotificationsWorld } from './notifications-world.js';
import { listen } from './running-notify.js';

describe('notifications', () => {
  let t: NotificationsWorld;
  beforeAll(async () => {
    t = await NotificationsWorld.start();
  });
  beforeEach(() => t.fresh());
  afterAll(() => t.stop());

  it('are read with their message, wherever that is read, and not delivered any more', async () => {
    const { message } = await t.told();
    const { message: later } = await t.told();
    const stream = await listen(t.notify, t.ada);
    await t.chat.read(t.ada, t.c, message.seq);
    expect(await t.next(stream, 'notification.updated')).toMatchObject({
      messageId: message.id,
      readAt: expect.any(String),
      version: 2,
    });
    expect((await t.list(t.ada, '&unread=true')).map(({ messageId }) => messageId)).toEqual([later.id]);
    expect(await t.list()).toHaveLength(2);
    const { rows } = await t.sql.query(
      `SELECT d.channel, d.state, d.error_code FROM notify.deliveries d JOIN notify.notifications n ON n.id = d.notification_id WHERE n.message_id = $1 ORDER BY 1`,
      [message.id],
    );
    expect(rows).toEqual([
      { channel: 'email', state: 'cancelled', error_code: 'read' },
      { channel: 'in_app', state: 'sent', error_code: null },
      { channel: 'push', state: 'cancelled', error_code: 'read' },
    ]);
    await stream.close();
  });

  it('are not made of what was read while chat was asked', async () => {
    t.chat.before = async () => {
      t.chat.before = () => Promise.resolve();
      await t.chat.read(t.ada, t.c, 1_000_000);
      // Handled before the answer, which still has the old cursor.
      await eventually(async () => {
        const { rows } = await t.sql.query('SELECT 1 FROM notify.seen WHERE user_id = $1', [t.ada.userId]);
        expect(rows).toHaveLength(1);
      });
    };
    await t.say();
    await t.handled();
    expect(await t.list()).toEqual([]);
  });

  it('are read by answering, and those of a thread by reading the thread', async () => {
    await t.told();
    await t.say({ senderId: t.ada.userId });
    await eventually(async () => expect(await t.list(t.ada, '&unread=true')).toEqual([]));
    const threadId = newId.message();
    const { message } = await t.told({ threadId, inChannel: false });
    await t.chat.read(t.ada, t.c, message.seq + 10);
    await t.handled();
    expect(await t.list(t.ada, '&unread=true')).toHaveLength(1);
    const membership = {
      threadId,
      channelId: t.c,
      following: true,
      level: 'default',
      lastReadSeq: message.seq,
      version: 1,
      movedAtSeq: 0,
      unreadSeqs: [],
      removedSeqs: [],
      mentionSeqs: [],
    };
    const about = { workspaceId: t.w as never, channelId: t.c as never, actorId: t.ada.userId as never };
    await t.world.publish(anEvent('thread.followed', { membership } as never, about), {
      scope: 'user',
      id: t.ada.userId,
    });
    await eventually(async () => expect(await t.list(t.ada, '&unread=true')).toEqual([]));
  });

  it('go with their message, and are not made of one that is gone', async () => {
    const { message, notification } = await t.told();
    const stream = await listen(t.notify, t.ada);
    await t.chat.changed('message.deleted', { ...message, text: '', deletedAt: new Date().toISOString() });
    expect(await t.next(stream, 'notification.updated')).toMatchObject({
      id: notification.id,
      withdrawnAt: expect.any(String),
      version: 2,
    });
    expect(await t.list()).toEqual([]);
    expect(await t.deliveries()).toEqual({ in_app: 'sent', push: 'withdrawn', email: 'withdrawn' });
    const gone = t.chat.message(t.ada, t.c);
    await t.chat.changed('message.deleted', { ...gone, text: '', deletedAt: new Date().toISOString() });
    await t.handled();
    // Chat did not know yet when it was asked.
    await t.chat.created(gone);
    await t.handled();
    expect(await t.list()).toEqual([]);
    await stream.close();
  });

  it('go when their reader leaves the channel or the workspace, or the channel goes', async () => {
    const about = { workspaceId: t.w as never, channelId: t.c as never };
    await t.told();
    const left = { userId: t.ada.userId as never, reason: 'removed' as const };
    await t.world.publish(anEvent('member.left', left, about), { scope: 'channel', id: t.c });
    await eventually(async () => expect(await t.list()).toEqual([]));
    await t.told();
    await t.world.publish(anEvent('member.left', left, { ...about, channelId: null }), {
      scope: 'workspace',
      id: t.w,
    });
    await eventually(async () => expect(await t.list()).toEqual([]));
    await t.told();
    await t.world.publish(anEvent('channel.deleted', { channelId: t.c }, about), {
      scope: 'channel',
      id: t.c,
    });
    await eventually(async () => expect(await t.list()).toEqual([]));
  });

  it('are forgotten with the account, and with all else that is known of it', async () => {
    await t.told();
    await t.notify.call('PATCH /me/notification-preferences', { ...t.ada, body: { push: false } });
    const me = {
      id: t.ada.userId,
      name: 'Deleted account',
      kind: 'user',
      email: '',
      emailVerified: false,
      createdAt: new Date().toISOString(),
      deleted: true,
    };
    await t.world.publish(anEvent('me.updated', { me } as never, { workspaceId: null }), {
      scope: 'user',
      id: t.ada.userId,
    });
    const count = async () => {
      const tables = ['notifications', 'deliveries', 'seen', 'preferences'];
      const counts: number[] = [];
      for (const table of tables) {
        const text = `SELECT count(*)::int AS n FROM notify.${table} WHERE user_id = $1`;
        counts.push(((await t.sql.query(text, [t.ada.userId])).rows[0] as { n: number }).n);
      }
      return counts;
    };
    await eventually(async () => expect(await count()).toEqual([0, 0, 0, 0]));
  });

  it('are kept as long as the settings say', async () => {
    const { message } = await t.told();
    await t.told();
    const old = '01800000-0000-7000-8000-000000000001';
    await t.sql.query('ALTER TABLE notify.deliveries DROP CONSTRAINT deliveries_notification_id_fkey');
    await t.sql.query('UPDATE notify.notifications SET id = $1 WHERE message_id = $2', [old, message.id]);
    await t.sql.query(
      `UPDATE notify.deliveries SET id = $1 WHERE user_id = $2 AND channel = 'in_app' AND notification_id = (SELECT min(notification_id::text)::uuid FROM notify.deliveries WHERE user_id = $2)`,
      ['01800000-0000-7000-8000-000000000002', t.ada.userId],
    );
    const count = async () =>
      (
        await t.sql.query('SELECT count(*)::int AS n FROM notify.deliveries WHERE user_id = $1', [
          t.ada.userId,
        ])
      ).rows[0] as { n: number };
    expect((await count()).n).toBe(6);
    await t.notify.app.get(RetentionService).sweep();
    expect((await count()).n).toBe(5);
    expect(await t.list()).toHaveLength(1);
  });
});
