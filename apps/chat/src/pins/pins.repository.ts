import { Injectable } from '@nestjs/common';
import type { ChannelId, MessageId, UserId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { MESSAGE_COLUMNS } from '../messages/message-columns.js';
import type { MessageRow } from '../messages/message.js';

const PIN = `UPDATE chat.messages SET pinned_by = $2, pinned_at = $3 WHERE id = $1`;
/** Whoever pins holds the channel's row, so that two can't pass the limit together. */
const LOCK_CHANNEL = `SELECT id FROM chat.channels WHERE id = $1 FOR UPDATE`;
const COUNT = `SELECT count(*)::int AS count FROM chat.messages WHERE channel_id = $1 AND pinned_at IS NOT NULL`;
const LIST: Statement = {
  name: 'pins_list',
  text: `
    SELECT ${MESSAGE_COLUMNS} FROM chat.messages m
    WHERE m.channel_id = $1 AND m.pinned_at IS NOT NULL AND (m.pinned_at, m.id) < ($2::timestamptz, $3::uuid)
    ORDER BY m.pinned_at DESC, m.id DESC LIMIT $4`,
};

/** All SQL on pins. */
@Injectable()
export class PinsRepository {
  constructor(private readonly database: Database) {}

  /** How many pins the channel has; it gets no other one before the end of the transaction. */
  async countLocked(tx: Tx, channelId: ChannelId): Promise<number> {
    await tx.query(LOCK_CHANNEL, [channelId]);
    const [row] = await tx.query<{ count: number }>(COUNT, [channelId]);
    return row?.count ?? 0;
  }

  async pin(tx: Tx, id: MessageId, by: UserId | null, at: Date | null): Promise<void> {
    await tx.query(PIN, [id, by, at]);
  }

  list(channelId: ChannelId, after: readonly [string, string], limit: number): Promise<MessageRow[]> {
    return this.database.run<MessageRow>(LIST, [channelId, ...after, limit]);
  }
}
