import { NAMED_VOTERS } from './poll.js';

/** A thread's summary as JSON; `t` is chat.threads. */
export const THREAD_SUMMARY = `json_build_object(
  'replyCount', t.reply_count, 'lastSeq', t.last_seq,
  'lastReplyAt', to_char(t.last_reply_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'participantIds', t.participant_ids, 'version', t.version)`;

/** Reactions by emoji, in the order in which they first came; at most 20 names each. */
const REACTIONS = `(
  SELECT json_agg(json_build_object('emoji', g.emoji, 'count', g.count, 'userIds', g.user_ids) ORDER BY g.first, g.emoji)
  FROM (
    SELECT r.emoji, count(*) AS count, min(r.created_at) AS first,
      (array_agg(r.user_id ORDER BY r.created_at, r.user_id))[1:20] AS user_ids
    FROM chat.reactions r WHERE r.message_id = m.id GROUP BY r.emoji
  ) g)`;

/**
 * Votes by option, with the first 20 voters of each where they may be known. Nobody votes twice for an
 * option, so that only where several may be chosen the voters have to be told apart.
 */
const VOTES = `(
  SELECT json_build_object(
    'options', json_agg(json_build_object('optionId', o.option_id, 'count', o.count, 'userIds',
      CASE WHEN NOT (m.poll ->> 'anonymous')::boolean THEN ARRAY(
        SELECT v.user_id FROM chat.poll_votes v WHERE v.message_id = m.id AND v.option_id = o.option_id
        ORDER BY v.created_at, v.user_id LIMIT ${NAMED_VOTERS}) END)),
    'voters', CASE WHEN (m.poll ->> 'multiple')::boolean THEN (
        SELECT count(*) FROM (SELECT DISTINCT v.user_id FROM chat.poll_votes v WHERE v.message_id = m.id) one)
      ELSE sum(o.count) END)
  FROM (SELECT v.option_id, count(*) AS count FROM chat.poll_votes v WHERE v.message_id = m.id GROUP BY v.option_id) o)`;

const PREVIEWS = `(SELECT json_agg(jsonb_build_object('position', p.position) || p.preview ORDER BY p.position) FROM chat.link_previews p WHERE p.message_id = m.id)`;

/** How a message row is selected; `m` is chat.messages. What hangs on it is read only where something does. */
export const MESSAGE_COLUMNS = `
  m.id, m.workspace_id AS "workspaceId", m.channel_id AS "channelId", m.sender_id AS "senderId",
  m.client_message_id AS "clientMessageId", m.text, m.created_at AS "createdAt", m.edited_at AS "editedAt",
  m.deleted_at AS "deletedAt", m.version, m.thread_id AS "threadId", m.in_channel AS "inChannel", m.mentions, m.forwarded,
  m.poll, m.moved_to AS "movedTo", m.pinned_by AS "pinnedBy", m.pinned_at AS "pinnedAt",
  CASE WHEN m.decorated THEN json_build_object(
    'thread', (SELECT ${THREAD_SUMMARY} FROM chat.threads t WHERE t.root_id = m.id),
    'reactions', ${REACTIONS},
    'votes', CASE WHEN m.poll IS NOT NULL THEN ${VOTES} END,
    'previews', ${PREVIEWS}) END AS attached,
  m.ordinal::float8 AS ordinal, m.seq::float8 AS seq`;
