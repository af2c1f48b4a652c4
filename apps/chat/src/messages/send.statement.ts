import type { Statement } from '#db';
import { MESSAGE_COLUMNS } from './message-columns.js';

/**
 * Sends a batch. Per input, in order: is it known (idempotency), is the channel open and the sender in it,
 * then the next seq, the message, its outbox row and the sender's read cursor. The channels' rows are
 * locked in id order first, so batches of several processes neither deadlock nor share a seq.
 *
 * Inserting deliberately has no ON CONFLICT: when another process commits the same clientMessageId between
 * our snapshot and our insert, the unique index fails the statement and the batch runs again. Swallowing
 * the conflict would leave a gap in the channel's seq.
 *
 * Parameters are arrays of one length: channel, sender, message id, client id, text, created at, workspace,
 * event id, subject, event head. One row per input, in order.
 */
export const SEND: Statement = {
  name: 'messages_send',
  text: `
    WITH input AS MATERIALIZED (
      SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::uuid[], $8::uuid[], $9::text[], $10::text[]
      ) WITH ORDINALITY AS i(channel_id, sender_id, id, client_message_id, text, created_at, workspace_id, event_id, subject, head, ord)
    ), locked AS MATERIALIZED (
      SELECT c.id, c.workspace_id, c.last_seq, c.archived_at FROM chat.channels c
      WHERE c.id = ANY ($1::uuid[]) ORDER BY c.id FOR UPDATE
    ), judged AS MATERIALIZED (
      SELECT i.*, l.last_seq, known.id AS known_id,
        CASE
          WHEN known.id IS NOT NULL THEN 'known'
          WHEN member.user_id IS NULL THEN 'not_member'
          WHEN l.archived_at IS NOT NULL THEN 'archived'
          ELSE 'sent'
        END AS verdict
      FROM input i
      LEFT JOIN locked l ON l.id = i.channel_id
      LEFT JOIN LATERAL (
        SELECT m.id FROM chat.messages m WHERE m.sender_id = i.sender_id AND m.client_message_id = i.client_message_id
      ) known ON true
      LEFT JOIN LATERAL (
        SELECT m.user_id FROM chat.channel_members m
        WHERE m.channel_id = i.channel_id AND m.user_id = i.sender_id AND m.workspace_id = l.workspace_id
      ) member ON true
    ), numbered AS MATERIALIZED (
      SELECT *, last_seq + row_number() OVER (PARTITION BY channel_id ORDER BY ord) AS seq
      FROM judged WHERE verdict = 'sent'
    ), counted AS (
      UPDATE chat.channels c SET last_seq = n.seq
      FROM (SELECT channel_id, max(seq) AS seq FROM numbered GROUP BY channel_id) n
      WHERE c.id = n.channel_id
    ), inserted AS (
      INSERT INTO chat.messages (id, workspace_id, channel_id, seq, sender_id, client_message_id, text, created_at)
      SELECT id, workspace_id, channel_id, seq, sender_id, client_message_id, text, created_at FROM numbered ORDER BY ord
    ), read AS (
      UPDATE chat.channel_members m SET last_read_seq = n.seq
      FROM (SELECT channel_id, sender_id, max(seq) AS seq FROM numbered GROUP BY channel_id, sender_id) n
      WHERE m.channel_id = n.channel_id AND m.user_id = n.sender_id AND m.last_read_seq < n.seq
    ), queued AS (
      INSERT INTO chat.outbox (id, subject, payload)
      SELECT event_id, subject, head || seq || '}},"seq":' || seq || '}' FROM numbered ORDER BY ord
      RETURNING id, position
    )
    SELECT j.verdict, j.known_id AS "knownId", n.seq::float8 AS seq, q.position::text AS position
    FROM judged j
    LEFT JOIN numbered n ON n.ord = j.ord
    LEFT JOIN queued q ON q.id = j.event_id
    ORDER BY j.ord`,
};

export type SendRow = {
  verdict: 'known' | 'not_member' | 'archived' | 'sent';
  knownId: string | null;
  seq: number | null;
  position: string | null;
};

export const MESSAGES_BY_ID: Statement = {
  name: 'messages_by_id',
  text: `SELECT ${MESSAGE_COLUMNS} FROM chat.messages m WHERE m.id = ANY ($1::uuid[])`,
};
