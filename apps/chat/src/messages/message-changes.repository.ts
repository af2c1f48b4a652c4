import { Injectable } from '@nestjs/common';
import type { Mention, MessageId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { MESSAGE_COLUMNS } from './message-columns.js';
import type { MessageRow } from './message.js';

const LOCK = `SELECT ${MESSAGE_COLUMNS} FROM chat.messages m WHERE m.id = $1 FOR UPDATE OF m`;
const FIND = `SELECT ${MESSAGE_COLUMNS} FROM chat.messages m WHERE m.id = $1`;
const TOUCH = `UPDATE chat.messages SET version = version + 1, decorated = true WHERE id = $1`;
const KEEP_WORDING = `
  INSERT INTO chat.message_edits (message_id, version, text, written_at)
  SELECT id, version, text, coalesce(edited_at, created_at) FROM chat.messages WHERE id = $1`;
const EDIT = `UPDATE chat.messages SET text = $2, edited_at = $3, mentions = $4::jsonb WHERE id = $1`;
const FORGET_MENTIONS = `DELETE FROM chat.message_mentions WHERE message_id = $1`;
const MENTION = `
  INSERT INTO chat.message_mentions (target_id, message_id, workspace_id, channel_id, seq, thread_id, in_channel, sender_id)
  SELECT t.id, m.id, m.workspace_id, m.channel_id, m.seq, m.thread_id, m.in_channel, m.sender_id
  FROM chat.messages m CROSS JOIN unnest($2::uuid[]) AS t(id) WHERE m.id = $1`;
/** A tombstone: the seq stays, the words and all that hung on them go. */
const BURY = [
  `DELETE FROM chat.message_edits WHERE message_id = $1`,
  FORGET_MENTIONS,
  `DELETE FROM chat.reactions WHERE message_id = $1`,
  `DELETE FROM chat.poll_votes WHERE message_id = $1`,
  `DELETE FROM chat.link_previews WHERE message_id = $1`,
  // What an import kept of it are its words too.
  `UPDATE chat.imported_messages SET raw = NULL WHERE message_id = $1`,
];
const TOMBSTONE = `
  UPDATE chat.messages SET text = '', deleted_at = $2, mentions = NULL, forwarded = NULL,
    poll = NULL, pinned_by = NULL, pinned_at = NULL
  WHERE id = $1`;
/** A thread after one of its replies went. */
const SHRINK_THREAD = `
  UPDATE chat.threads t SET
    reply_count = (SELECT count(*) FROM chat.messages r WHERE r.thread_id = t.root_id AND r.deleted_at IS NULL),
    version = t.version + 1,
    last_seq = coalesce(last.seq, t.last_seq), last_reply_at = coalesce(last.created_at, t.last_reply_at)
  FROM (SELECT 1) one
  LEFT JOIN LATERAL (
    SELECT r.seq, r.created_at FROM chat.messages r
    WHERE r.thread_id = $1 AND r.deleted_at IS NULL ORDER BY r.seq DESC LIMIT 1
  ) last ON true
  WHERE t.root_id = $1`;
const EDITS: Statement = {
  name: 'messages_edits',
  text: `
    SELECT e.version, e.text, e.written_at AS "writtenAt" FROM chat.message_edits e
    WHERE e.message_id = $1 ORDER BY e.version`,
};

export type WordingRow = { version: number; text: string; writtenAt: Date };

/** All SQL that changes messages. */
@Injectable()
export class MessageChangesRepository {
  constructor(private readonly database: Database) {}

  async lock(tx: Tx, id: MessageId): Promise<MessageRow | null> {
    return (await tx.query<MessageRow>(LOCK, [id]))[0] ?? null;
  }

  /** The next version of the message, with all that hangs on it. */
  async touch(tx: Tx, id: MessageId): Promise<MessageRow> {
    await tx.query(TOUCH, [id]);
    const [row] = await tx.query<MessageRow>(FIND, [id]);
    return row as MessageRow;
  }

  /** Keeps the wording there was. */
  async edit(
    tx: Tx,
    id: MessageId,
    {
      text,
      editedAt,
      mentions,
      targets,
    }: { text: string; editedAt: Date; mentions: Mention[]; targets: string[] },
  ): Promise<void> {
    await tx.query(KEEP_WORDING, [id]);
    await tx.query(EDIT, [id, text, editedAt, mentions.length > 0 ? JSON.stringify(mentions) : null]);
    await tx.query(FORGET_MENTIONS, [id]);
    if (targets.length > 0) await tx.query(MENTION, [id, targets]);
  }

  async bury(tx: Tx, id: MessageId, deletedAt: Date): Promise<void> {
    for (const statement of BURY) await tx.query(statement, [id]);
    await tx.query(TOMBSTONE, [id, deletedAt]);
  }

  async shrinkThread(tx: Tx, rootId: MessageId): Promise<void> {
    await tx.query(SHRINK_THREAD, [rootId]);
  }

  wordings(id: MessageId): Promise<WordingRow[]> {
    return this.database.run<WordingRow>(EDITS, [id]);
  }
}
