import { THREAD_SUMMARY } from './message-columns.js';

/** The parts of `SEND_RICH` that concern threads and mentions; `i`, `l` and `numbered` are its names. */

/** A reply needs a root of the same channel; a thread outlives its deleted root, but not its moving away. */
export const JUDGE_REPLY = `
  WHEN i.thread_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM chat.messages r
    WHERE r.id = i.thread_id AND r.channel_id = i.channel_id AND r.thread_id IS NULL AND r.moved_to IS NULL
      AND (r.deleted_at IS NULL OR EXISTS (SELECT 1 FROM chat.threads t WHERE t.root_id = r.id AND t.reply_count > 0))
  ) THEN 'no_thread'`;

/**
 * The thread grows; whoever replies follows it and has read it; its author and whoever a reply calls by name
 * follow it from there, unless they chose otherwise before. Clients derive the same (`heardNewReply` in
 * contracts), so there is no event for it and `version` stays.
 */
export const REPLY_EFFECTS = `
  , summaries AS (
    INSERT INTO chat.threads AS t (root_id, workspace_id, channel_id, reply_count, last_seq, last_reply_at, participant_ids)
    SELECT thread_id, workspace_id, channel_id, count(*), max(seq), max(created_at), (array_agg(DISTINCT sender_id))[1:5]
    FROM numbered WHERE thread_id IS NOT NULL GROUP BY thread_id, workspace_id, channel_id ORDER BY thread_id
    ON CONFLICT (root_id) DO UPDATE SET
      reply_count = t.reply_count + excluded.reply_count, last_seq = excluded.last_seq,
      last_reply_at = greatest(t.last_reply_at, excluded.last_reply_at), version = t.version + 1,
      participant_ids = ARRAY(SELECT DISTINCT p FROM unnest(t.participant_ids || excluded.participant_ids) p ORDER BY p LIMIT 5)
    RETURNING t.root_id, t.channel_id, t.workspace_id, (${THREAD_SUMMARY})::text AS summary
  ), decorated AS (
    UPDATE chat.messages m SET decorated = true FROM summaries s WHERE m.id = s.root_id AND NOT m.decorated
  ), repliers AS (
    INSERT INTO chat.thread_members AS f (thread_id, user_id, workspace_id, channel_id, following, last_read_seq, since_seq)
    SELECT thread_id, sender_id, workspace_id, channel_id, true, max(seq), min(seq)
    FROM numbered WHERE thread_id IS NOT NULL GROUP BY thread_id, sender_id, workspace_id, channel_id ORDER BY sender_id, thread_id
    ON CONFLICT (user_id, thread_id) DO UPDATE SET following = true, last_read_seq = excluded.last_read_seq,
      since_seq = CASE WHEN f.following THEN f.since_seq ELSE excluded.since_seq END
  ), called AS MATERIALIZED (
    SELECT n.id, n.seq, n.channel_id, n.workspace_id, n.thread_id, n.in_channel, n.sender_id, t.target_id
    FROM unnest($16::int[], $17::uuid[]) AS t(ord, target_id) JOIN numbered n ON n.ord = t.ord
  ), mentioned AS (
    INSERT INTO chat.message_mentions (target_id, message_id, workspace_id, channel_id, seq, thread_id, in_channel, sender_id)
    SELECT target_id, id, workspace_id, channel_id, seq, thread_id, in_channel, sender_id FROM called ORDER BY id, target_id
  ), listeners AS (
    INSERT INTO chat.thread_members (thread_id, user_id, workspace_id, channel_id, following, last_read_seq, since_seq)
    SELECT l.thread_id, l.user_id, l.workspace_id, l.channel_id, true, min(l.read), min(l.read) FROM (
      SELECT n.thread_id, r.sender_id AS user_id, n.workspace_id, n.channel_id, n.seq - 1 AS read
      FROM numbered n JOIN chat.messages r ON r.id = n.thread_id
      UNION ALL
      SELECT c.thread_id, c.target_id, c.workspace_id, c.channel_id, c.seq - 1 FROM called c WHERE c.thread_id IS NOT NULL
    ) l
    JOIN chat.channel_members m ON m.channel_id = l.channel_id AND m.user_id = l.user_id
    WHERE NOT EXISTS (SELECT 1 FROM numbered n WHERE n.thread_id = l.thread_id AND n.sender_id = l.user_id)
    GROUP BY l.thread_id, l.user_id, l.workspace_id, l.channel_id ORDER BY l.user_id, l.thread_id
    ON CONFLICT (user_id, thread_id) DO NOTHING
  )`;
