import { Injectable } from '@nestjs/common';
import type {
  ChannelId,
  MessageId,
  NotificationLevel,
  ThreadMembership,
  ThreadTotals,
  UserId,
  WorkspaceId,
} from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import {
  HAS_UNREAD,
  THREAD_MEMBERSHIP,
  THREAD_OF_MEMBER,
  THREAD_TOTALS,
  THREAD_UNREAD,
} from './thread-columns.js';

export type InboxRow = {
  rootId: MessageId;
  lastReplyAt: Date;
  /** The newest first. */
  latestIds: MessageId[];
  membership: ThreadMembership;
};
type Mine = { userId: UserId; threadId: MessageId };

const MEMBERSHIPS: Statement = {
  name: 'threads_memberships',
  text: `
    SELECT ${THREAD_MEMBERSHIP} AS membership FROM chat.thread_members f ${THREAD_UNREAD}
    WHERE f.user_id = $1 AND f.thread_id = ANY ($2::uuid[]) ORDER BY f.thread_id`,
};

/** A thread that nobody has replied in: following needs a row to hang on. */
const BEGIN = `
  INSERT INTO chat.threads (root_id, workspace_id, channel_id, reply_count, last_seq, last_reply_at, participant_ids)
  SELECT m.id, m.workspace_id, m.channel_id, 0, m.seq, m.created_at, '{}' FROM chat.messages m WHERE m.id = $1
  ON CONFLICT DO NOTHING`;
/**
 * Who follows begins with what comes next. `moved_at_seq` also looks at the row as it is once it is locked:
 * a reply of one's own may have been committed after this statement looked at the channel.
 */
const FOLLOW = `
  INSERT INTO chat.thread_members AS f
    (thread_id, user_id, workspace_id, channel_id, following, last_read_seq, since_seq, moved_at_seq, version)
  SELECT $2, m.user_id, c.workspace_id, c.id, $4, c.last_seq, c.last_seq, c.last_seq, 1
  FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
  WHERE m.user_id = $1 AND m.channel_id = $3 FOR KEY SHARE OF m
  ON CONFLICT (user_id, thread_id) DO UPDATE SET
    following = excluded.following,
    last_read_seq = CASE WHEN excluded.following THEN greatest(f.last_read_seq, excluded.last_read_seq) ELSE f.last_read_seq END,
    since_seq = CASE WHEN excluded.following THEN greatest(f.last_read_seq, excluded.last_read_seq) ELSE f.since_seq END,
    moved_at_seq = greatest(excluded.moved_at_seq, f.last_read_seq), version = f.version + 1
  WHERE f.following <> excluded.following
  RETURNING f.thread_id AS "threadId"`;
const change = (set: string, unless: string, from = ''): string => `
  UPDATE chat.thread_members f SET ${set}, version = f.version + 1, moved_at_seq = greatest(c.last_seq, f.last_read_seq)
  FROM chat.channels c ${from}
  WHERE f.user_id = $1 AND f.thread_id = $2 AND f.following AND c.id = f.channel_id AND ${unless}
  RETURNING f.thread_id AS "threadId"`;
const SET_LEVEL = change(`level = nullif($3, 'default')`, `f.level IS DISTINCT FROM nullif($3, 'default')`);
/** Never past the newest message; forward only, unless `$4`. */
const MOVE = change(
  `last_read_seq = to_seq.seq`,
  `(f.last_read_seq < to_seq.seq OR $4)`,
  `CROSS JOIN LATERAL (SELECT least($3::bigint, c.last_seq) AS seq) to_seq`,
);
const READ_ALL = `
  UPDATE chat.thread_members f SET
    last_read_seq = greatest(c.last_seq, f.last_read_seq), version = f.version + 1,
    moved_at_seq = greatest(c.last_seq, f.last_read_seq)
  FROM chat.threads t, chat.channels c
  WHERE f.user_id = $1 AND f.workspace_id = $2 AND f.following AND t.root_id = f.thread_id AND c.id = f.channel_id AND ${HAS_UNREAD}
  RETURNING f.thread_id AS "threadId"`;

const TOTALS: Statement = { name: 'threads_totals', text: THREAD_TOTALS };

/** Looks at each thread that somebody follows, however many the workspace has, and at the replies of one page. */
export const INBOX: Statement = {
  name: 'threads_inbox',
  text: `
    SELECT f.root_id AS "rootId", f.last_reply_at AS "lastReplyAt", ${THREAD_MEMBERSHIP} AS membership, ARRAY(
      SELECT r.id FROM chat.messages r
      WHERE r.thread_id = f.thread_id AND r.deleted_at IS NULL ORDER BY r.seq DESC LIMIT 3) AS "latestIds"
    FROM (
      SELECT f.*, t.root_id, t.last_reply_at
      FROM chat.thread_members f CROSS JOIN LATERAL (${THREAD_OF_MEMBER}) t
      WHERE f.user_id = $1 AND f.workspace_id = $2 AND f.following AND t.reply_count > 0
        AND (t.last_reply_at, t.root_id) < ($3::timestamptz, $4::uuid) AND (NOT $5::boolean OR ${HAS_UNREAD})
      ORDER BY t.last_reply_at DESC, t.root_id DESC LIMIT $6
    ) f ${THREAD_UNREAD}
    ORDER BY f.last_reply_at DESC, f.root_id DESC`,
};

/** All SQL on who follows which thread. */
@Injectable()
export class ThreadsRepository {
  constructor(private readonly database: Database) {}

  async find({ userId, threadId }: Mine): Promise<ThreadMembership | null> {
    const rows = await this.database.run<{ membership: ThreadMembership }>(MEMBERSHIPS, [userId, [threadId]]);
    return rows[0]?.membership ?? null;
  }

  async memberships(tx: Tx, userId: UserId, threadIds: MessageId[]): Promise<ThreadMembership[]> {
    const rows = await tx.query<{ membership: ThreadMembership }>(MEMBERSHIPS.text, [userId, threadIds]);
    return rows.map((row) => row.membership);
  }

  /** False when it was so already. */
  async follow(
    tx: Tx,
    { userId, threadId }: Mine,
    channelId: ChannelId,
    following: boolean,
  ): Promise<boolean> {
    await tx.query(BEGIN, [threadId]);
    return (await tx.query(FOLLOW, [userId, threadId, channelId, following])).length > 0;
  }

  /** False when it was so already, or the thread is not followed. */
  async setLevel(tx: Tx, { userId, threadId }: Mine, level: NotificationLevel): Promise<boolean> {
    return (await tx.query(SET_LEVEL, [userId, threadId, level])).length > 0;
  }

  /** False when the cursor was there already, or the thread is not followed. */
  async move(tx: Tx, { userId, threadId }: Mine, seq: number, { back }: { back: boolean }): Promise<boolean> {
    return (await tx.query(MOVE, [userId, threadId, seq, back])).length > 0;
  }

  /** The threads in which something was unread. */
  async readAll(tx: Tx, userId: UserId, workspaceId: WorkspaceId): Promise<MessageId[]> {
    const rows = await tx.query<{ threadId: MessageId }>(READ_ALL, [userId, workspaceId]);
    return rows.map((row) => row.threadId);
  }

  async totals(userId: UserId, workspaceId: WorkspaceId): Promise<ThreadTotals> {
    const [row] = await this.database.run<ThreadTotals>(TOTALS, [userId, workspaceId]);
    return row ?? { unreadCount: 0, mentionCount: 0 };
  }

  inbox(
    userId: UserId,
    workspaceId: WorkspaceId,
    before: readonly [string, string],
    unread: boolean,
    limit: number,
  ): Promise<InboxRow[]> {
    return this.database.run<InboxRow>(INBOX, [userId, workspaceId, ...before, unread, limit]);
  }
}
