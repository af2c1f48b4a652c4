import { Injectable } from '@nestjs/common';
import type { ChannelId, MessageId, NotificationId, UserId, WorkspaceId } from '#contracts';
import { uuidv7 } from '#core';
import { Database, type Statement, type Tx } from '#db';
import type { NewNotification, NotificationRow, Seen } from './notification.js';

const COLUMNS = `n.id, n.user_id AS "userId", n.workspace_id AS "workspaceId", n.channel_id AS "channelId",
  n.message_id AS "messageId", n.thread_id AS "threadId", n.seq::float8 AS seq, n.sender_id AS "senderId", n.reason,
  n.created_at AS "createdAt", n.read_at AS "readAt", n.withdrawn_at AS "withdrawnAt", n.version`;
const UNREAD = `n.read_at IS NULL AND n.withdrawn_at IS NULL`;

const list = (name: string, condition: string): Statement => ({
  name,
  text: `
    SELECT ${COLUMNS} FROM notify.notifications n
    WHERE n.user_id = $1 AND n.workspace_id = $2 AND n.id < $3 AND ${condition}
    ORDER BY n.id DESC LIMIT $4`,
});
const LIST = list('notifications_list', 'n.withdrawn_at IS NULL');
const LIST_UNREAD = list('notifications_list_unread', UNREAD);
const FIND = `
  SELECT ${COLUMNS} FROM notify.notifications n
  WHERE n.id = $1 AND n.user_id = $2 AND n.withdrawn_at IS NULL FOR UPDATE`;

/** Of one message: who notifies shares it, who withdraws has it alone, so neither misses the other. */
const lock = (kind: '' | '_shared') => `
  SELECT pg_advisory_xact_lock${kind}(hashtextextended(m.id::text, 0)) FROM (
    SELECT DISTINCT id FROM unnest($1::uuid[]) AS t(id) ORDER BY id
  ) m`;
const DELETED = `SELECT message_id AS id FROM notify.deleted_messages WHERE message_id = ANY ($1::uuid[])`;
const BURY = `INSERT INTO notify.deleted_messages (message_id, deleted_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
/** Answers how far each has really looked: further, if a reading was told meanwhile. */
const SEE = `
  INSERT INTO notify.seen AS s (user_id, scope_id, seq, updated_at)
  SELECT i.user_id, i.scope_id, max(i.seq), $4::timestamptz
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS i(user_id, scope_id, seq)
  GROUP BY i.user_id, i.scope_id ORDER BY i.user_id, i.scope_id
  ON CONFLICT (user_id, scope_id) DO UPDATE SET
    seq = greatest(s.seq, excluded.seq), updated_at = excluded.updated_at
  RETURNING s.user_id AS "userId", s.scope_id AS "scopeId", s.seq::float8 AS seq`;
const INSERT = `
  INSERT INTO notify.notifications (id, user_id, workspace_id, channel_id, message_id, thread_id, in_channel, seq, sender_id, reason, created_at)
  SELECT i.* FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::boolean[], $8::bigint[], $9::uuid[], $10::text[], $11::timestamptz[]) AS i
  ORDER BY 5, 2
  ON CONFLICT (message_id, user_id) DO NOTHING RETURNING id`;
const DELIVER = `
  INSERT INTO notify.deliveries (id, notification_id, user_id, channel, state, error_code, due_at, created_at, settled_at)
  SELECT i.id, i.notification_id, i.user_id, i.channel, i.state, i.error_code, i.due_at, $7,
    CASE WHEN i.state <> 'pending' THEN $7::timestamptz END
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $8::text[])
    AS i(id, notification_id, user_id, channel, state, due_at, error_code)`;

/** Rows are locked in the order of their ids, so that two who change many don't wait for each other. */
const change = (set: string, ids: string) => `
  WITH target AS MATERIALIZED (${ids})
  UPDATE notify.notifications n SET ${set}, version = n.version + 1
  FROM (SELECT l.id FROM notify.notifications l WHERE l.id IN (SELECT id FROM target) ORDER BY l.id FOR UPDATE) t
  WHERE n.id = t.id AND n.withdrawn_at IS NULL
  RETURNING ${COLUMNS}`;
const READ = 'read_at = $1';
const WITHDRAW = 'withdrawn_at = $1';
const seenIn = (column: string, scope: string) => `
  SELECT n.id FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[]) AS i(user_id, scope_id, seq, scope)
  JOIN notify.notifications n ON n.user_id = i.user_id AND n.${column} = i.scope_id AND n.seq <= i.seq
  WHERE i.scope = '${scope}' AND ${UNREAD}`;
const READ_SEEN = change(
  READ,
  `${seenIn('channel_id', 'channel')} AND n.in_channel UNION ${seenIn('thread_id', 'thread')}`,
);
const READ_ONE = change(READ, `SELECT n.id FROM notify.notifications n WHERE n.id = $2 AND ${UNREAD}`);
const READ_SOME = change(
  READ,
  `SELECT n.id FROM notify.notifications n WHERE n.user_id = $2 AND n.workspace_id = $3 AND n.id <= $4 AND ${UNREAD} ORDER BY n.id DESC LIMIT $5`,
);
const WITHDRAW_MESSAGE = change(
  WITHDRAW,
  `SELECT n.id FROM notify.notifications n WHERE n.message_id = $2 AND n.withdrawn_at IS NULL LIMIT $3`,
);
const WITHDRAW_CHANNEL = change(
  WITHDRAW,
  `SELECT n.id FROM notify.notifications n WHERE n.channel_id = $2 AND n.withdrawn_at IS NULL LIMIT $3`,
);
const WITHDRAW_OF_USER = change(
  WITHDRAW,
  `SELECT n.id FROM notify.notifications n
   WHERE n.user_id = $2 AND n.workspace_id = $3 AND n.channel_id = coalesce($4::uuid, n.channel_id) AND n.withdrawn_at IS NULL LIMIT $5`,
);
const CANCEL = `
  UPDATE notify.deliveries SET state = 'cancelled', error_code = $2, settled_at = $3
  WHERE notification_id = ANY ($1::uuid[]) AND state = 'pending'`;

/** All SQL on notifications. */
@Injectable()
export class NotificationsRepository {
  constructor(private readonly database: Database) {}

  list(
    userId: UserId,
    workspaceId: WorkspaceId,
    { before, limit, unread }: { before: string; limit: number; unread: boolean },
  ): Promise<NotificationRow[]> {
    return this.database.run<NotificationRow>(unread ? LIST_UNREAD : LIST, [
      userId,
      workspaceId,
      before,
      limit,
    ]);
  }

  async find(tx: Tx, id: NotificationId, userId: UserId): Promise<NotificationRow | null> {
    return (await tx.query<NotificationRow>(FIND, [id, userId]))[0] ?? null;
  }

  /** Until the end of the transaction none of them is withdrawn; answers with those that already are. */
  async holdMessages(tx: Tx, ids: readonly MessageId[]): Promise<Set<MessageId>> {
    await tx.query(lock('_shared'), [ids]);
    return new Set((await tx.query<{ id: MessageId }>(DELETED, [ids])).map(({ id }) => id));
  }

  /** From here on nobody is told of it. */
  async bury(tx: Tx, id: MessageId, at: Date): Promise<void> {
    await tx.query(lock(''), [[id]]);
    await tx.query(BURY, [id, at]);
  }

  /** Until the end of the transaction nobody else says that these have seen more. */
  see(tx: Tx, seen: readonly Omit<Seen, 'scope'>[], now: Date): Promise<Omit<Seen, 'scope'>[]> {
    const columns = [seen.map((s) => s.userId), seen.map((s) => s.scopeId), seen.map((s) => s.seq)];
    return tx.query(SEE, [...columns, now]);
  }

  /** Those that are new; nobody is told twice of a message. */
  async insert(tx: Tx, rows: readonly NewNotification[]): Promise<Set<NotificationId>> {
    const column = <Key extends keyof NewNotification>(key: Key) => rows.map((row) => row[key]);
    const inserted = await tx.query<{ id: NotificationId }>(INSERT, [
      column('id'),
      column('userId'),
      column('workspaceId'),
      column('channelId'),
      column('messageId'),
      column('threadId'),
      column('inChannel'),
      column('seq'),
      column('senderId'),
      column('reason'),
      column('createdAt'),
    ]);
    return new Set(inserted.map(({ id }) => id));
  }

  async deliver(tx: Tx, rows: readonly NewNotification[], now: Date): Promise<void> {
    const deliveries = rows.flatMap((row) => [
      { row, channel: 'in_app', state: 'sent', dueAt: now, errorCode: null },
      ...(row.pushDueAt
        ? [{ row, channel: 'push', state: 'pending', dueAt: row.pushDueAt, errorCode: null }]
        : []),
      ...(row.heldBack ? [{ row, channel: 'push', state: 'cancelled', dueAt: now, errorCode: 'quiet' }] : []),
      ...(row.emailDueAt
        ? [{ row, channel: 'email', state: 'pending', dueAt: row.emailDueAt, errorCode: null }]
        : []),
    ]);
    await tx.query(DELIVER, [
      deliveries.map(() => uuidv7()),
      deliveries.map(({ row }) => row.id),
      deliveries.map(({ row }) => row.userId),
      deliveries.map(({ channel }) => channel),
      deliveries.map(({ state }) => state),
      deliveries.map(({ dueAt }) => dueAt),
      now,
      deliveries.map(({ errorCode }) => errorCode),
    ]);
  }

  /** Those that it made read. */
  readSeen(tx: Tx, seen: readonly Seen[], now: Date): Promise<NotificationRow[]> {
    return tx.query<NotificationRow>(READ_SEEN, [
      now,
      seen.map((s) => s.userId),
      seen.map((s) => s.scopeId),
      seen.map((s) => s.seq),
      seen.map((s) => s.scope),
    ]);
  }

  async readOne(tx: Tx, id: NotificationId, now: Date): Promise<NotificationRow | null> {
    return (await tx.query<NotificationRow>(READ_ONE, [now, id]))[0] ?? null;
  }

  /** The newest `limit` that are unread, of those up to `upTo`. */
  readSome(
    tx: Tx,
    {
      userId,
      workspaceId,
      upTo,
      limit,
    }: { userId: UserId; workspaceId: WorkspaceId; upTo: string; limit: number },
    now: Date,
  ): Promise<NotificationRow[]> {
    return tx.query<NotificationRow>(READ_SOME, [now, userId, workspaceId, upTo, limit]);
  }

  withdrawMessage(tx: Tx, id: MessageId, limit: number, now: Date): Promise<NotificationRow[]> {
    return tx.query<NotificationRow>(WITHDRAW_MESSAGE, [now, id, limit]);
  }

  withdrawChannel(tx: Tx, id: ChannelId, limit: number, now: Date): Promise<NotificationRow[]> {
    return tx.query<NotificationRow>(WITHDRAW_CHANNEL, [now, id, limit]);
  }

  /** Of a channel, or of the whole workspace. */
  withdrawOfUser(
    tx: Tx,
    {
      userId,
      workspaceId,
      channelId,
    }: { userId: UserId; workspaceId: WorkspaceId; channelId: ChannelId | null },
    limit: number,
    now: Date,
  ): Promise<NotificationRow[]> {
    return tx.query<NotificationRow>(WITHDRAW_OF_USER, [now, userId, workspaceId, channelId, limit]);
  }

  async cancelDeliveries(
    tx: Tx,
    rows: readonly NotificationRow[],
    why: 'read' | 'withdrawn',
    now: Date,
  ): Promise<void> {
    if (rows.length > 0) await tx.query(CANCEL, [rows.map(({ id }) => id), why, now]);
  }
}
