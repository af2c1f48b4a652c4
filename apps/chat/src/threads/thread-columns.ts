import { THREAD_WINDOW } from '#contracts';
import { groupsOf } from '../access/channel-row.js';

/** By whose id a mention of the follower `f` is found. */
const TARGETS = `ARRAY[f.user_id, f.channel_id] || ${groupsOf('f')}`;
const MENTIONS = `
  SELECT DISTINCT x.seq FROM chat.message_mentions x
  WHERE x.target_id = ANY (${TARGETS}) AND x.thread_id = f.thread_id AND x.seq > f.last_read_seq AND x.sender_id <> f.user_id`;

/** How a membership is selected; `f` is chat.thread_members, `w` the `THREAD_UNREAD` after its cursor. */
export const THREAD_MEMBERSHIP = `json_build_object(
  'threadId', f.thread_id, 'channelId', f.channel_id, 'following', f.following,
  'level', coalesce(f.level, 'default'), 'lastReadSeq', f.last_read_seq, 'version', f.version,
  'movedAtSeq', f.moved_at_seq,
  'unreadSeqs', coalesce(w.unread, '{}'), 'removedSeqs', coalesce(w.removed, '{}'),
  'mentionSeqs', CASE WHEN f.following THEN ARRAY(${MENTIONS} ORDER BY x.seq) ELSE '{}' END)`;

export const THREAD_UNREAD = `LEFT JOIN LATERAL (
    SELECT array_agg(r.seq ORDER BY r.seq) FILTER (WHERE r.deleted_at IS NULL) AS unread,
      array_agg(r.seq ORDER BY r.seq) FILTER (WHERE r.deleted_at IS NOT NULL) AS removed
    FROM (
      SELECT m.seq, m.deleted_at FROM chat.messages m
      WHERE m.thread_id = f.thread_id AND m.seq > f.last_read_seq ORDER BY m.seq LIMIT ${THREAD_WINDOW}
    ) r
  ) w ON f.following`;

/** Whether the thread `t` has a reply after the cursor of `f` that stands. */
export const HAS_UNREAD = `t.reply_count > 0 AND t.last_seq > f.last_read_seq`;

/** The thread of `f`, found from there and never the other way round, whatever the statistics say. */
export const THREAD_OF_MEMBER = `SELECT t.* FROM chat.threads t WHERE t.root_id = f.thread_id OFFSET 0`;

/** What user `$1` has unread in the threads of workspace `$2`. */
export const THREAD_TOTALS = `
  SELECT count(*)::int AS "unreadCount", coalesce(sum((SELECT count(*) FROM (${MENTIONS}) n)), 0)::int AS "mentionCount"
  FROM chat.thread_members f CROSS JOIN LATERAL (${THREAD_OF_MEMBER}) t
  WHERE f.user_id = $1 AND f.workspace_id = $2 AND f.following AND ${HAS_UNREAD}`;
