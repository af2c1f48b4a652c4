import { Injectable } from '@nestjs/common';
import type { MessageId, Recipient, UserId } from '#contracts';
import { Database, type Statement } from '#db';
import { readableBy } from '../access/channel-row.js';

export type NoticeRow = {
  /** Position in what was asked, from 1 on. */
  ord: number;
  workspaceName: string;
  channelName: string | null;
  senderName: string;
  text: string;
};

/** Access is asked of each person as for a request of theirs. */
const NOTICES: Statement = {
  name: 'notices_of',
  text: `
    SELECT p.ord::int, ws.name AS "workspaceName", c.name AS "channelName", sender.name AS "senderName", msg.text
    FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS p(user_id, message_id, ord)
    JOIN chat.messages msg ON msg.id = p.message_id AND msg.deleted_at IS NULL
    JOIN chat.channels c ON c.id = msg.channel_id
    JOIN chat.workspaces ws ON ws.id = c.workspace_id
    JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = p.user_id
    LEFT JOIN chat.channel_members m ON m.channel_id = c.id AND m.user_id = p.user_id
    JOIN chat.users sender ON sender.id = msg.sender_id
    WHERE ${readableBy()}`,
};

const RECIPIENTS: Statement = {
  name: 'notices_recipients',
  text: `
    SELECT id AS "userId", name, CASE WHEN email_verified_at IS NOT NULL THEN email END AS email, locale,
      time_zone AS "timeZone"
    FROM chat.users WHERE id = ANY($1::uuid[]) AND kind = 'user' AND deleted_at IS NULL`,
};

const NAMES: Statement = {
  name: 'notices_names',
  text: `
    SELECT id, name FROM chat.users WHERE id = ANY($1::uuid[])
    UNION ALL SELECT id, handle FROM chat.groups WHERE id = ANY($1::uuid[])`,
};

@Injectable()
export class NoticesRepository {
  constructor(private readonly database: Database) {}

  /** Of those that may be read. */
  notices(asked: readonly { userId: UserId; messageId: MessageId }[]): Promise<NoticeRow[]> {
    return this.database.run<NoticeRow>(NOTICES, [
      asked.map(({ userId }) => userId),
      asked.map(({ messageId }) => messageId),
    ]);
  }

  recipients(userIds: readonly UserId[]): Promise<Recipient[]> {
    return this.database.run<Recipient>(RECIPIENTS, [userIds]);
  }

  /** Of people and groups. */
  async names(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.run<{ id: string; name: string }>(NAMES, [ids]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
