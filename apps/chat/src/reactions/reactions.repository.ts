import { Injectable } from '@nestjs/common';
import type { MessageId, UserId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { USER_COLUMNS } from '../accounts/user-row.js';
import type { ReactorKey, ReactorRow } from './reaction.js';

const LIST: Statement = {
  name: 'reactions_list',
  text: `
    SELECT ${USER_COLUMNS}, r.emoji, r.created_at AS "reactedAt"
    FROM chat.reactions r JOIN chat.users u ON u.id = r.user_id
    WHERE r.message_id = $1 AND ($2::text IS NULL OR r.emoji = $2)
      AND (r.created_at, r.emoji, r.user_id) > ($3::timestamptz, $4::text, $5::uuid)
    ORDER BY r.created_at, r.emoji, r.user_id LIMIT $6`,
};
const KINDS = `SELECT DISTINCT emoji FROM chat.reactions WHERE message_id = $1`;
const ADD = `
  INSERT INTO chat.reactions (message_id, emoji, user_id, author_id, workspace_id, channel_id, created_at)
  SELECT m.id, $2, $3, m.sender_id, m.workspace_id, m.channel_id, $4 FROM chat.messages m WHERE m.id = $1
  ON CONFLICT DO NOTHING RETURNING user_id`;
const REMOVE = `DELETE FROM chat.reactions WHERE message_id = $1 AND emoji = $2 AND user_id = $3 RETURNING user_id`;

/** All SQL on reactions. */
@Injectable()
export class ReactionsRepository {
  constructor(private readonly database: Database) {}

  list(messageId: MessageId, emoji: string | null, after: ReactorKey, limit: number): Promise<ReactorRow[]> {
    return this.database.run<ReactorRow>(LIST, [messageId, emoji, ...after, limit]);
  }

  async kinds(tx: Tx, messageId: MessageId): Promise<string[]> {
    return (await tx.query<{ emoji: string }>(KINDS, [messageId])).map((row) => row.emoji);
  }

  /** False when the person has reacted so already. */
  async add(tx: Tx, messageId: MessageId, emoji: string, userId: UserId, at: Date): Promise<boolean> {
    return (await tx.query(ADD, [messageId, emoji, userId, at])).length > 0;
  }

  /** False when there was nothing to remove. */
  async remove(tx: Tx, messageId: MessageId, emoji: string, userId: UserId): Promise<boolean> {
    return (await tx.query(REMOVE, [messageId, emoji, userId])).length > 0;
  }
}
