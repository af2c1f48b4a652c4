import type { Statement } from '#db';
import { readableBy } from '../access/channel-row.js';
import { groupsOf } from '../read-state/read-state-columns.js';

/**
 * Read when somebody looks, written never: three kinds of entries, each from an index that has them by time,
 * and of each no more than a page. All have an id that begins with their time, so that one key orders them.
 *
 * `$1` is the reader, `$2` the workspace, `$3` and `$4` the ids between which entries are wanted, `$5` the
 * kinds, `$6` how many, `$7` and `$8` the times of `$3` and `$4`.
 */

/** The first id of a time. */
const idOf = (time: string, rest: string) =>
  `(lpad(to_hex((extract(epoch FROM ${time}) * 1000)::bigint), 12, '0') || ${rest})::uuid`;
const REACTION_ID = idOf(
  'r.created_at',
  `'7' || substr(md5(r.message_id || r.emoji || r.user_id), 1, 3) || '8' || substr(md5(r.message_id || r.emoji || r.user_id), 4, 15)`,
);

const readable = (channelId: string): string => `EXISTS (
  SELECT FROM chat.channels c
  JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = $1
  LEFT JOIN chat.channel_members m ON m.channel_id = c.id AND m.user_id = $1
  WHERE c.id = ${channelId} AND ${readableBy()})`;

const wanted = (id: string): string => `${id} < $3::uuid AND ${id} > $4::uuid`;

/** The reader, and the groups that call them. */
const TARGETS = `($1::uuid || ${groupsOf('me.workspace_id', 'me.user_id')})`;
const ME = `(SELECT $1::uuid AS user_id, $2::uuid AS workspace_id) me`;
/** By name or through a group: of each a page, from where the index has them by time. Who calls both calls once. */
const CALLED = `
  SELECT DISTINCT n.id FROM ${ME} CROSS JOIN LATERAL unnest(${TARGETS}) AS t(id)
  CROSS JOIN LATERAL (
    SELECT x.message_id AS id FROM chat.message_mentions x
    WHERE x.target_id = t.id AND x.workspace_id = $2 AND ${wanted('x.message_id')} AND x.sender_id <> $1 AND ${readable('x.channel_id')}
    ORDER BY x.message_id DESC LIMIT $6
  ) n ORDER BY n.id DESC LIMIT $6`;
/** What called everyone in a channel, since the reader is in it. */
const CALLED_WITH_ALL = `
  SELECT x.message_id AS id FROM chat.message_mentions x
  JOIN chat.channel_members m ON m.channel_id = x.channel_id AND m.user_id = $1
  WHERE x.target_id = x.channel_id AND x.workspace_id = $2 AND ${wanted('x.message_id')} AND x.in_channel AND x.sender_id <> $1
    AND x.message_id > ${idOf('m.joined_at', `'00000000000000000000'`)}
  ORDER BY x.message_id DESC LIMIT $6`;
/** Replies since the reader follows thread `f` that are no mentions; the newest of them first. */
const replies = (limit: string): string => `
  SELECT r.id FROM chat.messages r
  WHERE r.thread_id = f.thread_id AND ${wanted('r.id')} AND r.seq > f.since_seq AND r.sender_id <> $1 AND r.deleted_at IS NULL
    AND (r.mentions IS NULL OR NOT EXISTS (
      SELECT FROM chat.message_mentions x
      WHERE x.message_id = r.id AND ((x.target_id = r.channel_id AND r.in_channel)
        OR x.target_id = ANY (SELECT unnest(${TARGETS}) FROM ${ME}))))
  ORDER BY r.id DESC LIMIT ${limit}`;
/** One look at each thread tells which of them a page can have replies of. */
const REPLIED = `
  SELECT n.id FROM (
    SELECT f.thread_id, f.since_seq FROM chat.thread_members f
    CROSS JOIN LATERAL (${replies('1')}) newest
    WHERE f.user_id = $1 AND f.workspace_id = $2 AND f.following AND coalesce(f.level, 'all') = 'all'
    ORDER BY newest.id DESC LIMIT $6
  ) f CROSS JOIN LATERAL (${replies('$6')}) n
  ORDER BY n.id DESC LIMIT $6`;
/** With ties: of one millisecond the ids decide, which the index does not know. */
const REACTED = `
  SELECT ${REACTION_ID} AS id, r.message_id, r.user_id, r.emoji, r.created_at FROM chat.reactions r
  WHERE r.author_id = $1 AND r.workspace_id = $2 AND r.created_at <= $7::timestamptz AND r.created_at >= $8::timestamptz
    AND r.user_id <> $1 AND ${wanted(REACTION_ID)} AND ${readable('r.channel_id')}
  ORDER BY r.created_at DESC FETCH FIRST ($6) ROWS WITH TIES`;

const ENTRIES = `
  SELECT * FROM (
    SELECT id, 'mention' AS kind, id AS "messageId", NULL::uuid AS "reactorId", NULL::text AS emoji, NULL::timestamptz AS "reactedAt"
    FROM ((${CALLED}) UNION (${CALLED_WITH_ALL})) mentions WHERE 'mentions' = ANY ($5::text[])
    UNION ALL
    SELECT id, 'reply', id, NULL, NULL, NULL FROM (${REPLIED}) replied WHERE 'replies' = ANY ($5::text[])
    UNION ALL
    SELECT id, 'reaction', message_id, user_id, emoji, created_at FROM (${REACTED}) reacted WHERE 'reactions' = ANY ($5::text[])
  ) entries ORDER BY id DESC LIMIT $6`;

export const ACTIVITY: Statement = { name: 'activity_entries', text: ENTRIES };
export const ACTIVITY_COUNT: Statement = {
  name: 'activity_count',
  text: `SELECT count(*)::int AS count FROM (${ENTRIES}) entries`,
};
