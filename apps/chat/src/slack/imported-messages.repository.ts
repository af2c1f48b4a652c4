import { Injectable } from '@nestjs/common';
import type { ChannelId, MessageId, WorkspaceId } from '#contracts';
import type { Tx } from '#db';
import { mentionTargets } from '../messages/new-message.js';
import type { ImportedMessage } from './import-message.js';

/** Held like the writer of messages holds it: what is sent meanwhile waits, and seqs stay without gaps. */
const LOCK_CHANNEL = `
  SELECT last_seq::float8 AS seq, last_ordinal::float8 AS ordinal FROM chat.channels WHERE id = $1 FOR UPDATE`;
const KNOWN = `
  SELECT ts FROM chat.imported_messages WHERE workspace_id = $1 AND source_channel = $2 AND ts = ANY($3::text[])`;
/** A thread's root is in the same channel, and no reply itself. */
const ROOTS = `
  SELECT i.ts, i.message_id AS id FROM chat.imported_messages i JOIN chat.messages m ON m.id = i.message_id
  WHERE i.workspace_id = $1 AND i.source_channel = $2 AND i.ts = ANY($3::text[])
    AND m.channel_id = $4 AND m.thread_id IS NULL AND m.moved_to IS NULL`;
const INSERT = `
  WITH input AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($3::jsonb) AS i(
      id uuid, "clientMessageId" uuid, seq bigint, ordinal bigint, "senderId" uuid, text text,
      "createdAt" timestamptz, "editedAt" timestamptz, "deletedAt" timestamptz, "threadId" uuid, "inChannel" boolean,
      mentions jsonb, "pinnedBy" uuid, "pinnedAt" timestamptz, ts text, raw text, reactions jsonb, targets jsonb)
  ), inserted AS (
    INSERT INTO chat.messages (id, workspace_id, channel_id, seq, ordinal, sender_id, client_message_id, text, created_at,
      edited_at, deleted_at, thread_id, in_channel, decorated, mentions, pinned_by, pinned_at)
    SELECT id, $1, $2, seq, ordinal, "senderId", "clientMessageId", text, "createdAt", "editedAt", "deletedAt", "threadId",
      "inChannel", jsonb_array_length(reactions) > 0, nullif(mentions, '[]'::jsonb), "pinnedBy", "pinnedAt"
    FROM input ORDER BY seq
  ), counted AS (
    UPDATE chat.channels c SET last_seq = n.seq, last_ordinal = coalesce(n.ordinal, c.last_ordinal)
    FROM (SELECT max(seq) AS seq, max(ordinal) AS ordinal FROM input) n WHERE c.id = $2 AND n.seq IS NOT NULL
  ), noted AS (
    INSERT INTO chat.imported_messages (workspace_id, source_channel, ts, message_id, raw)
    SELECT $1, $4, ts, id, raw::json FROM input
  ), called AS (
    INSERT INTO chat.message_mentions (target_id, message_id, workspace_id, channel_id, seq, thread_id, in_channel, sender_id)
    SELECT t.id::uuid, i.id, $1, $2, i.seq, i."threadId", i."inChannel", i."senderId"
    FROM input i CROSS JOIN jsonb_array_elements_text(i.targets) AS t(id)
  ), reacted AS (
    INSERT INTO chat.reactions (message_id, emoji, user_id, author_id, workspace_id, channel_id, created_at)
    SELECT i.id, r.value ->> 'emoji', (r.value ->> 'userId')::uuid, i."senderId", $1, $2,
      i."createdAt" + make_interval(secs => r.ord / 1000.0)
    FROM input i CROSS JOIN jsonb_array_elements(i.reactions) WITH ORDINALITY AS r(value, ord)
  ), summaries AS (
    INSERT INTO chat.threads AS t (root_id, workspace_id, channel_id, reply_count, last_seq, last_reply_at, participant_ids)
    SELECT "threadId", $1, $2, count(*) FILTER (WHERE "deletedAt" IS NULL), max(seq), max("createdAt"),
      (array_agg(DISTINCT "senderId"))[1:5]
    FROM input WHERE "threadId" IS NOT NULL GROUP BY "threadId" ORDER BY "threadId"
    ON CONFLICT (root_id) DO UPDATE SET
      reply_count = t.reply_count + excluded.reply_count, last_seq = excluded.last_seq,
      last_reply_at = greatest(t.last_reply_at, excluded.last_reply_at), version = t.version + 1,
      participant_ids = ARRAY(SELECT DISTINCT p FROM unnest(t.participant_ids || excluded.participant_ids) p ORDER BY p LIMIT 5)
    RETURNING root_id
  )
  SELECT root_id AS id FROM summaries`;
/** After the statement above, for that one can't change what it has inserted itself. */
const DECORATE = `UPDATE chat.messages SET decorated = true WHERE id = ANY($1::uuid[]) AND NOT decorated`;

type Place = { workspaceId: WorkspaceId; channelId: ChannelId; sourceChannel: string };

/** The one way of messages into a channel beside the writer's: at their own times, without an event for each. */
@Injectable()
export class ImportedMessagesRepository {
  /** Appends those that are not there yet, in the order given; returns how many they were. */
  async append(tx: Tx, place: Place, messages: readonly ImportedMessage[]): Promise<number> {
    const { workspaceId, channelId, sourceChannel } = place;
    const [last] = await tx.query<{ seq: number; ordinal: number }>(LOCK_CHANNEL, [channelId]);
    const all = messages.map(({ ts }) => ts);
    const known = await tx.query<{ ts: string }>(KNOWN, [workspaceId, sourceChannel, all]);
    const there = new Set(known.map(({ ts }) => ts));
    const fresh = messages.filter(({ ts }) => !there.has(ts));
    if (fresh.length === 0 || !last) return 0;
    const roots = await this.roots(tx, place, fresh);
    let { seq, ordinal } = last;
    const rows = fresh.map((message) => {
      const threadId = message.threadTs === null ? null : (roots.get(message.threadTs) ?? null);
      const inChannel = threadId === null || message.broadcast;
      if (message.threadTs === null) roots.set(message.ts, message.id);
      const { pinned, threadTs: _thread, broadcast: _broadcast, ...row } = message;
      return {
        ...row,
        seq: ++seq,
        ordinal: inChannel ? ++ordinal : null,
        threadId,
        inChannel,
        pinnedBy: pinned?.userId ?? null,
        pinnedAt: pinned?.at ?? null,
        targets: mentionTargets(message.mentions, { channelId, senderId: message.senderId }),
      };
    });
    const threads = await tx.query<{ id: MessageId }>(INSERT, [
      workspaceId,
      channelId,
      JSON.stringify(rows),
      sourceChannel,
    ]);
    if (threads.length > 0) await tx.query(DECORATE, [threads.map(({ id }) => id)]);
    return rows.length;
  }

  private async roots(
    tx: Tx,
    place: Place,
    messages: readonly ImportedMessage[],
  ): Promise<Map<string, MessageId>> {
    const wanted = [...new Set(messages.flatMap(({ threadTs }) => (threadTs === null ? [] : [threadTs])))];
    if (wanted.length === 0) return new Map();
    const { workspaceId, channelId, sourceChannel } = place;
    const rows = await tx.query<{ ts: string; id: MessageId }>(ROOTS, [
      workspaceId,
      sourceChannel,
      wanted,
      channelId,
    ]);
    return new Map(rows.map(({ ts, id }) => [ts, id]));
  }
}
