import { THREAD_WINDOW } from '#contracts';
import { groupsOf } from '../read-state/read-state-columns.js';

/** Replies after the cursor that call the follower `f` or one of `groups`; once for each way in which they do. */
const mentions = (groups: string): string => `
  SELECT x.seq FROM chat.message_mentions x
  WHERE x.target_id = ANY (ARRAY[f.user_id, f.channel_id] || ${groups}) AND x.thread_id = f.thread_id AND x.seq > f.last_read_seq AND x.sender_id <> f.user_id`;

/** How a membership is selected; `f` is chat.thread_members, `w` the `THREAD_UNREAD` after its cursor. */
export const THREAD_MEMBERSHIP = `json_build_object(
  'threadId', f.thread_id, 'channelId', f.channel_id, 'following', f.following,
  'level', coalesce(f.level, 'default'), 'lastReadSeq', f.last_read_seq, 'version', f.version,
  'movedAtSeq', f.moved_at_seq,
  'unreadSeqs', coalesce(w.unread, '{}'), 'removedSeqs', coalesce(w.removed, '{}'),
  'mentionSeqs', CASE WHEN f.following THEN ARRAY(SELECT DISTINCT n.seq FROM (${mentions(groupsOf('f.workspace_id', 'f.user_id'))}) n ORDER BY n.seq) ELSE '{}' END)`;

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
  SELECT count(*)::int AS "unreadCount", coalesce(sum((SELECT count(DISTINCT n.seq) FROM (${mentions(groupsOf('$2', '$1'))}) n)), 0)::int AS "mentionCount"
  FROM chat.thread_members f CROSS JOIN LATERAL (${THREAD_OF_MEMBER}) t
  WHERE f.user_id = $1 AND f.workspace_id = $2 AND f.following AND ${HAS_UNREAD}`;
