import { Injectable } from '@nestjs/common';
import type { ChannelId, MessageId, UserId } from '#contracts';
import type { Tx } from '#db';
import { MESSAGE_COLUMNS } from '../messages/message-columns.js';
import type { MessageRow } from '../messages/message.js';

const LOCK_CHANNELS = `SELECT id FROM chat.channels WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`;
const LOCK_MESSAGES = `
  SELECT ${MESSAGE_COLUMNS} FROM chat.messages m
  WHERE (m.id = $1 OR m.thread_id = $1) AND (m.deleted_at IS NULL OR m.id = $1) ORDER BY m.seq FOR UPDATE OF m`;
const BY_IDS = `SELECT ${MESSAGE_COLUMNS} FROM chat.messages m WHERE m.id = ANY($1::uuid[]) ORDER BY m.seq`;
const PAIRS = `pairs AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS p(old_id, new_id, ord))`;

/** The first of the pairs is the root, also when it was a reply before. A copy is the message's next version. */
const COPY = `
  WITH ${PAIRS}, target AS (
    SELECT id, workspace_id, last_seq, last_ordinal FROM chat.channels WHERE id = $3
  ), copied AS (
    INSERT INTO chat.messages (id, workspace_id, channel_id, seq, ordinal, sender_id, client_message_id, text, created_at,
      edited_at, version, thread_id, in_channel, decorated, mentions, forwarded, poll)
    SELECT s.new_id, t.workspace_id, t.id, t.last_seq + s.ord,
      CASE WHEN s.shown THEN t.last_ordinal + count(*) FILTER (WHERE s.shown) OVER (ORDER BY s.ord) END,
      s.sender_id, gen_random_uuid(), s.text, s.created_at, s.edited_at, s.version + 1,
      CASE WHEN s.ord > 1 THEN ($2::uuid[])[1] END, s.shown, true, s.mentions, s.forwarded, s.poll
    FROM (
      SELECT p.new_id, p.ord, m.*, m.in_channel OR p.ord = 1 AS shown FROM pairs p JOIN chat.messages m ON m.id = p.old_id
    ) s CROSS JOIN target t
    RETURNING seq, ordinal
  )
  UPDATE chat.channels c SET last_seq = n.seq, last_ordinal = n.ordinal
  FROM (SELECT max(seq) AS seq, max(ordinal) AS ordinal FROM copied) n WHERE c.id = $3`;

const follow = (table: string, also = '') =>
  `WITH ${PAIRS} UPDATE chat.${table} x SET message_id = p.new_id${also} FROM pairs p WHERE x.message_id = p.old_id`;
/** What hangs on the messages goes along. */
const ATTACHED = [
  follow('message_edits'),
  follow('poll_votes'),
  follow('link_previews'),
  `WITH ${PAIRS} UPDATE chat.reactions x SET message_id = p.new_id, channel_id = m.channel_id
   FROM pairs p JOIN chat.messages m ON m.id = p.new_id WHERE x.message_id = p.old_id`,
  `WITH ${PAIRS} UPDATE chat.message_mentions x SET message_id = m.id, seq = m.seq, thread_id = m.thread_id,
     in_channel = m.in_channel, target_id = CASE WHEN x.target_id = x.channel_id THEN m.channel_id ELSE x.target_id END,
     channel_id = m.channel_id
   FROM pairs p JOIN chat.messages m ON m.id = p.new_id WHERE x.message_id = p.old_id`,
];

/** The thread starts anew where it went, followed by those of its followers who are there. */
const THREAD = `
  INSERT INTO chat.threads (root_id, workspace_id, channel_id, reply_count, last_seq, last_reply_at, participant_ids)
  SELECT thread_id, workspace_id, channel_id, count(*), max(seq), max(created_at), (array_agg(DISTINCT sender_id))[1:5]
  FROM chat.messages WHERE thread_id = $1 GROUP BY thread_id, workspace_id, channel_id`;
const FOLLOWERS = `
  WITH ${PAIRS}
  INSERT INTO chat.thread_members (thread_id, user_id, workspace_id, channel_id, following, level, version, moved_at_seq, last_read_seq)
  SELECT ($2::uuid[])[1], f.user_id, f.workspace_id, $3, f.following, f.level, 1, c.last_seq, coalesce((
    SELECT max(n.seq) FROM pairs p JOIN chat.messages o ON o.id = p.old_id JOIN chat.messages n ON n.id = p.new_id
    WHERE o.seq <= f.last_read_seq), 0)
  FROM chat.thread_members f
  JOIN chat.channels c ON c.id = $3
  JOIN chat.channel_members m ON m.channel_id = $3 AND m.user_id = f.user_id
  WHERE f.thread_id = ($1::uuid[])[1]
  RETURNING user_id AS "userId"`;
const END_THREAD = `DELETE FROM chat.threads WHERE root_id = $1`;
const TOMBSTONES = `
  WITH ${PAIRS}
  UPDATE chat.messages m SET text = '', deleted_at = $3, version = m.version + 1, mentions = NULL, forwarded = NULL,
    poll = NULL, pinned_by = NULL, pinned_at = NULL,
    moved_to = jsonb_build_object('channelId', $4::text, 'messageId', p.new_id)
  FROM pairs p WHERE m.id = p.old_id`;

export type Pairs = { from: readonly MessageId[]; to: readonly MessageId[] };

/** All SQL that takes messages from one channel to another. */
@Injectable()
export class MovesRepository {
  async lockChannels(tx: Tx, ids: readonly ChannelId[]): Promise<void> {
    await tx.query(LOCK_CHANNELS, [ids]);
  }

  /** The message and its replies that stand, in order. */
  lock(tx: Tx, id: MessageId): Promise<MessageRow[]> {
    return tx.query<MessageRow>(LOCK_MESSAGES, [id]);
  }

  /** Copies the messages to the end of the channel, with all that hangs on them; returns who follows there. */
  async copy(tx: Tx, { from, to }: Pairs, channelId: ChannelId): Promise<UserId[]> {
    await tx.query(COPY, [from, to, channelId]);
    for (const statement of ATTACHED) await tx.query(statement, [from, to]);
    if (to.length < 2) return [];
    await tx.query(THREAD, [to[0]]);
    const followers = await tx.query<{ userId: UserId }>(FOLLOWERS, [from, to, channelId]);
    return followers.map(({ userId }) => userId);
  }

  /** Leaves a note at each place where to find what stood there. */
  async leave(tx: Tx, { from, to }: Pairs, channelId: ChannelId, at: Date): Promise<void> {
    await tx.query(TOMBSTONES, [from, to, at, channelId]);
    await tx.query(END_THREAD, [from[0]]);
  }

  /** Ascending by seq. */
  read(tx: Tx, ids: readonly MessageId[]): Promise<MessageRow[]> {
    return tx.query<MessageRow>(BY_IDS, [ids]);
  }
}
