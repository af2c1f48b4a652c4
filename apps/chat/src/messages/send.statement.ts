import type { Statement } from '#db';
import { MESSAGE_COLUMNS } from './message-columns.js';
import { JUDGE_REPLY, REPLY_EFFECTS } from './reply.statement.js';

/**
 * Sends a batch. Per input, in order: is it known (idempotency), is the channel open and the sender in it,
 * then the next seq, the message, its outbox row and the sender's read cursor. The channels' rows are
 * locked in id order first, so batches of several processes neither deadlock nor share a seq.
 *
 * A channel that not everyone may post in, and a call to everyone, are `restricted` until the caller has
 * been cleared by the rules in `posting.ts`.
 *
 * Inserting deliberately has no ON CONFLICT: when another process commits the same clientMessageId between
 * our snapshot and our insert, the unique index fails the statement and the batch runs again. Swallowing
 * the conflict would leave a gap in the channel's seq.
 *
 * Parameters are arrays of one length: channel, sender, message id, client id, text, created at, workspace,
 * event id, subject, event head, clearance. A batch with replies or mentions in it has a second form, which
 * costs twice as much, with: thread, in channel, wide, extras; then pairs of input number and mention target.
 */
const sendStatement = (rich: boolean): Statement => ({
  name: rich ? 'messages_send_rich' : 'messages_send',
  text: `
    WITH input AS MATERIALIZED (
      SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::uuid[], $8::uuid[], $9::text[], $10::text[], $11::text[]
        ${rich ? ', $12::uuid[], $13::boolean[], $14::boolean[], $15::jsonb[]' : ''}
      ) WITH ORDINALITY AS i(channel_id, sender_id, id, client_message_id, text, created_at, workspace_id, event_id, subject, head, clearance
        ${rich ? ', thread_id, in_channel, wide, extras' : ''}, ord)
    ), locked AS MATERIALIZED (
      SELECT c.id, c.workspace_id, c.last_seq, c.last_ordinal, c.archived_at, c.posting, c.slow_mode_seconds FROM chat.channels c
      WHERE c.id = ANY ($1::uuid[]) ORDER BY c.id FOR UPDATE
    ), judged AS MATERIALIZED (
      SELECT i.*, l.last_seq, l.last_ordinal, known.id AS known_id,
        extract(epoch FROM member.last_sent_at - i.created_at) + l.slow_mode_seconds AS wait,
        CASE
          WHEN known.id IS NOT NULL THEN 'known'
          WHEN member.user_id IS NULL THEN 'not_member'
          WHEN l.archived_at IS NOT NULL THEN 'archived'
          ${rich ? JUDGE_REPLY : ''}
          WHEN i.clearance IS NULL AND (l.posting <> 'everyone' ${rich ? 'OR i.wide' : ''}) THEN 'restricted'
          WHEN l.slow_mode_seconds > 0 AND i.clearance IS DISTINCT FROM 'moderator' AND (
            member.last_sent_at > i.created_at - make_interval(secs => l.slow_mode_seconds) OR EXISTS (
              SELECT 1 FROM input e WHERE e.channel_id = i.channel_id AND e.sender_id = i.sender_id AND e.ord < i.ord)
          ) THEN 'slow_mode'
          ELSE 'sent'
        END AS verdict
      FROM input i
      LEFT JOIN locked l ON l.id = i.channel_id
      LEFT JOIN LATERAL (
        SELECT m.id FROM chat.messages m WHERE m.sender_id = i.sender_id AND m.client_message_id = i.client_message_id
      ) known ON true
      LEFT JOIN LATERAL (
        SELECT m.user_id, m.last_sent_at FROM chat.channel_members m
        WHERE m.channel_id = i.channel_id AND m.user_id = i.sender_id AND m.workspace_id = l.workspace_id
      ) member ON true
    ), numbered AS MATERIALIZED (
      SELECT *, last_seq + row_number() OVER (PARTITION BY channel_id ORDER BY ord) AS seq, ${
        rich
          ? `CASE WHEN in_channel THEN last_ordinal + count(*) FILTER (WHERE in_channel) OVER (PARTITION BY channel_id ORDER BY ord) END AS ordinal`
          : `last_ordinal + row_number() OVER (PARTITION BY channel_id ORDER BY ord) AS ordinal`
      }
      FROM judged WHERE verdict = 'sent'
    ), counted AS (
      UPDATE chat.channels c SET last_seq = n.seq, last_ordinal = coalesce(n.ordinal, c.last_ordinal)
      FROM (SELECT channel_id, max(seq) AS seq, max(ordinal) AS ordinal FROM numbered GROUP BY channel_id) n
      WHERE c.id = n.channel_id
    ), inserted AS (
      INSERT INTO chat.messages (id, workspace_id, channel_id, seq, ordinal, sender_id, client_message_id, text, created_at
        ${rich ? ', thread_id, in_channel, mentions, forwarded, poll' : ''})
      SELECT id, workspace_id, channel_id, seq, ordinal, sender_id, client_message_id, text, created_at
        ${rich ? `, thread_id, in_channel, extras -> 'mentions', extras -> 'forwarded', extras -> 'poll'` : ''}
      FROM numbered ORDER BY ord
    ), read AS (
      UPDATE chat.channel_members m SET
        last_read_seq = greatest(m.last_read_seq, n.seq), last_read_ordinal = greatest(m.last_read_ordinal, n.ordinal),
        last_sent_at = n.created_at
      FROM (
        SELECT channel_id, sender_id, max(seq) FILTER (WHERE ordinal IS NOT NULL) AS seq, max(ordinal) AS ordinal,
          max(created_at) AS created_at
        FROM numbered GROUP BY channel_id, sender_id
      ) n
      WHERE m.channel_id = n.channel_id AND m.user_id = n.sender_id
    ) ${rich ? REPLY_EFFECTS : ''}, queued AS (
      INSERT INTO chat.outbox (id, subject, payload)
      SELECT n.event_id, n.subject, n.head || ${
        rich
          ? `coalesce('"ordinal":' || n.ordinal || ',', '') || '"seq":' || n.seq || '}' || coalesce(',"thread":' || s.summary, '') || '},"seq":' || n.seq || '}'
      FROM numbered n LEFT JOIN summaries s ON s.root_id = n.thread_id`
          : `'"ordinal":' || n.ordinal || ',"seq":' || n.seq || '}},"seq":' || n.seq || '}' FROM numbered n`
      } ORDER BY n.ord
      RETURNING id, position
    )
    SELECT j.verdict, j.known_id AS "knownId", n.seq::float8 AS seq, n.ordinal::float8 AS ordinal,
      q.position::text AS position, ceil(j.wait)::float8 AS wait, ${rich ? 's.summary' : 'NULL'} AS summary
    FROM judged j
    LEFT JOIN numbered n ON n.ord = j.ord
    LEFT JOIN queued q ON q.id = j.event_id
    ${rich ? 'LEFT JOIN summaries s ON s.root_id = n.thread_id' : ''}
    ORDER BY j.ord`,
});

export const SEND = sendStatement(false);
export const SEND_RICH = sendStatement(true);

export type SendRow = {
  verdict: 'known' | 'not_member' | 'archived' | 'no_thread' | 'restricted' | 'slow_mode' | 'sent';
  knownId: string | null;
  seq: number | null;
  ordinal: number | null;
  position: string | null;
  /** Seconds until a slow channel takes the sender's next message. */
  wait: number | null;
  /** JSON text of the thread's summary after a reply. */
  summary: string | null;
};

export const MESSAGES_BY_ID: Statement = {
  name: 'messages_by_id',
  text: `SELECT ${MESSAGE_COLUMNS} FROM chat.messages m WHERE m.id = ANY ($1::uuid[])`,
};
