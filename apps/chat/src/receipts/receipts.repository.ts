import { Injectable } from '@nestjs/common';
import type { ChannelId, UserId } from '#contracts';
import { Database, type Statement } from '#db';
import { USER_COLUMNS, type UserRow } from '../accounts/user-row.js';
import type { MessageRow } from '../messages/message.js';

const STANDING: Statement = {
  name: 'receipts_standing',
  text: `
    SELECT u.read_receipts AS shares, (
      SELECT count(*)::int FROM (SELECT FROM chat.channel_members m WHERE m.channel_id = $2 LIMIT $3 + 1) m
    ) AS members
    FROM chat.users u WHERE u.id = $1`,
};

/**
 * The cursor of a channel speaks for what the channel shows, the cursor of a thread for its replies. Whoever
 * joined or followed later starts behind the message without having read it.
 */
const readers = (columns: string, rest = ''): string => `
  SELECT ${columns} FROM (
    SELECT m.user_id FROM chat.channel_members m
    WHERE $5::boolean AND m.channel_id = $1 AND m.last_read_seq >= $2 AND m.joined_at <= $3
    UNION
    SELECT f.user_id FROM chat.thread_members f
    WHERE f.thread_id = $6::uuid AND f.following AND f.last_read_seq >= $2 AND f.since_seq < $2
  ) r JOIN chat.users u ON u.id = r.user_id
  WHERE u.id <> $4 AND u.kind = 'user' AND u.read_receipts ${rest}`;
const COUNT: Statement = { name: 'receipts_count', text: readers('count(*)::int AS count') };
export const READERS: Statement = {
  name: 'receipts_readers',
  text: readers(USER_COLUMNS, `AND (u.name, u.id) > ($7::text, $8::uuid) ORDER BY u.name, u.id LIMIT $9`),
};

const values = (message: MessageRow) => [
  message.channelId,
  message.seq,
  message.createdAt,
  message.senderId,
  message.inChannel,
  message.threadId,
];

/** All SQL on who has read a message. */
@Injectable()
export class ReceiptsRepository {
  constructor(private readonly database: Database) {}

  /** Whether somebody shares what they read, and the members of a channel, counted as far as one above `most`. */
  async standing(
    userId: UserId,
    channelId: ChannelId,
    most: number,
  ): Promise<{ shares: boolean; members: number }> {
    const rows = await this.database.run<{ shares: boolean; members: number }>(STANDING, [
      userId,
      channelId,
      most,
    ]);
    return rows[0] ?? { shares: false, members: 0 };
  }

  async count(message: MessageRow): Promise<number> {
    return (await this.database.run<{ count: number }>(COUNT, values(message)))[0]?.count ?? 0;
  }

  readers(message: MessageRow, after: readonly [string, string], limit: number): Promise<UserRow[]> {
    return this.database.run<UserRow>(READERS, [...values(message), ...after, limit]);
  }
}
