import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelKind, MessageId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement } from '#db';
import type { ExportReply, ExportRow, Json } from './export-message.js';
import type { List } from './slack-format.js';

const PEOPLE: Statement = {
  name: 'exports_people',
  text: `
    SELECT i.source_id AS "sourceId", i.user_id AS "userId", i.raw FROM chat.imported_users i
    WHERE i.workspace_id = $1 ORDER BY i.source_id`,
};
const ACCOUNTS = `
  SELECT u.id, u.kind, u.name, u.email, u.title, u.time_zone AS "timeZone",
    (SELECT w.role FROM chat.workspace_members w WHERE w.workspace_id = $1 AND w.user_id = u.id) AS role
  FROM chat.users u`;
const MEMBERS: Statement = {
  name: 'exports_members',
  text: `${ACCOUNTS} JOIN chat.workspace_members m ON m.workspace_id = $1 AND m.user_id = u.id ORDER BY u.id`,
};
const OTHERS: Statement = {
  name: 'exports_others',
  text: `${ACCOUNTS} WHERE u.id = ANY($2::uuid[]) ORDER BY u.id`,
};
const CHANNELS: Statement = {
  name: 'exports_channels',
  text: `
    SELECT c.id, c.kind, c.name, c.topic, c.description, c.is_default AS "isDefault", c.created_by AS "createdBy",
      c.created_at AS "createdAt", c.archived_at AS "archivedAt", c.direct_key AS "directKey",
      ARRAY(SELECT m.user_id FROM chat.channel_members m WHERE m.channel_id = c.id ORDER BY m.user_id) AS "memberIds",
      i.source_id AS "sourceId", i.list, i.name AS "importedName", i.raw,
      row_number() OVER (PARTITION BY c.id ORDER BY i.position, i.source_id)::int AS rank
    FROM chat.channels c
    LEFT JOIN chat.imported_channels i ON i.workspace_id = c.workspace_id AND i.channel_id = c.id
    WHERE c.workspace_id = $1 AND (c.kind = 'public' OR $2)
    ORDER BY i.position NULLS LAST, c.created_at, c.id`,
};
const DAYS: Statement = {
  name: 'exports_days',
  text: `
    SELECT to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, min(m.seq)::float8 AS first, max(m.seq)::float8 AS last
    FROM chat.messages m WHERE m.channel_id = $1 GROUP BY 1 ORDER BY 1`,
};
const DAY: Statement = {
  name: 'exports_day',
  text: `
    SELECT m.id, m.sender_id AS "senderId", m.client_message_id AS "clientMessageId", m.text, m.created_at AS "createdAt",
      m.edited_at AS "editedAt", m.deleted_at AS "deletedAt", m.thread_id AS "threadId", m.in_channel AS "inChannel", m.poll,
      m.forwarded, m.pinned_at AS "pinnedAt", m.seq::float8 AS seq, i.ts, i.source_channel AS "sourceChannel", i.raw,
      ri.ts AS "rootTs", r.created_at AS "rootCreatedAt", r.seq::float8 AS "rootSeq", r.sender_id AS "rootSender"
    FROM chat.messages m
    LEFT JOIN chat.imported_messages i ON i.message_id = m.id
    LEFT JOIN chat.messages r ON r.id = m.thread_id
    LEFT JOIN chat.imported_messages ri ON ri.message_id = r.id
    WHERE m.channel_id = $1 AND m.seq BETWEEN $2 AND $3
      AND m.created_at >= $4::timestamptz AND m.created_at < $4::timestamptz + interval '1 day'
      AND coalesce(i.source_channel, $5) = $5
    ORDER BY m.created_at, m.seq`,
};
const REACTIONS: Statement = {
  name: 'exports_reactions',
  text: `
    SELECT message_id AS "messageId", emoji, user_id AS "userId" FROM chat.reactions
    WHERE message_id = ANY($1::uuid[]) ORDER BY message_id, created_at, user_id`,
};
const REPLIES: Statement = {
  name: 'exports_replies',
  text: `
    SELECT m.thread_id AS "threadId", m.sender_id AS "senderId", m.created_at AS "createdAt", m.seq::float8 AS seq, i.ts
    FROM chat.messages m LEFT JOIN chat.imported_messages i ON i.message_id = m.id
    WHERE m.thread_id = ANY($1::uuid[]) AND m.deleted_at IS NULL ORDER BY m.thread_id, m.seq`,
};
const PINS: Statement = {
  name: 'exports_pins',
  text: `
    SELECT m.created_at AS "createdAt", m.seq::float8 AS seq, m.sender_id AS "senderId", m.pinned_at AS "pinnedAt",
      m.pinned_by AS "pinnedBy", i.ts, i.raw
    FROM chat.messages m LEFT JOIN chat.imported_messages i ON i.message_id = m.id
    WHERE m.channel_id = $1 AND m.pinned_at IS NOT NULL AND coalesce(i.source_channel, $2) = $2 ORDER BY m.pinned_at, m.seq`,
};

export type ExportAccount = {
  id: UserId;
  kind: 'user' | 'bot';
  name: string;
  email: string | null;
  title: string;
  timeZone: string | null;
  role: string | null;
};
export type ExportChannel = {
  id: ChannelId;
  kind: ChannelKind;
  name: string | null;
  topic: string;
  description: string;
  isDefault: boolean;
  createdBy: UserId;
  createdAt: Date;
  archivedAt: Date | null;
  directKey: string | null;
  memberIds: UserId[];
  sourceId: string | null;
  list: List | null;
  importedName: string | null;
  raw: Json | null;
  /** 1 for the first of several conversations of the source that went to one channel. */
  rank: number;
};
export type ExportPin = {
  createdAt: Date;
  seq: number;
  senderId: UserId;
  pinnedAt: Date;
  pinnedBy: UserId;
  ts: string | null;
  raw: Json | null;
};
export type Day = { day: string; first: number; last: number };

const grouped = <Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> => {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
};

/** All SQL of exports. */
@Injectable()
export class ExportsRepository {
  constructor(private readonly database: Database) {}

  people(workspaceId: WorkspaceId): Promise<{ sourceId: string; userId: UserId; raw: Json | null }[]> {
    return this.database.run(PEOPLE, [workspaceId]);
  }

  members(workspaceId: WorkspaceId): Promise<ExportAccount[]> {
    return this.database.run<ExportAccount>(MEMBERS, [workspaceId]);
  }

  others(workspaceId: WorkspaceId, ids: readonly UserId[]): Promise<ExportAccount[]> {
    return this.database.run<ExportAccount>(OTHERS, [workspaceId, ids]);
  }

  /** One row for each conversation; `whole` for those too that not everyone may see. */
  channels(workspaceId: WorkspaceId, whole: boolean): Promise<ExportChannel[]> {
    return this.database.run<ExportChannel>(CHANNELS, [workspaceId, whole]);
  }

  days(channelId: ChannelId): Promise<Day[]> {
    return this.database.run<Day>(DAYS, [channelId]);
  }

  /** What was written on a day (UTC), of the conversation `source` of the channel. */
  messages(channelId: ChannelId, { day, first, last }: Day, source: string): Promise<ExportRow[]> {
    return this.database.run<ExportRow>(DAY, [channelId, first, last, `${day}T00:00:00Z`, source]);
  }

  async reactions(ids: readonly MessageId[]): Promise<Map<MessageId, { emoji: string; userId: UserId }[]>> {
    type Row = { messageId: MessageId; emoji: string; userId: UserId };
    return grouped(await this.database.run<Row>(REACTIONS, [ids]), ({ messageId }) => messageId);
  }

  async replies(ids: readonly MessageId[]): Promise<Map<MessageId, ExportReply[]>> {
    type Row = ExportReply & { threadId: MessageId };
    return grouped(await this.database.run<Row>(REPLIES, [ids]), ({ threadId }) => threadId);
  }

  pins(channelId: ChannelId, source: string): Promise<ExportPin[]> {
    return this.database.run<ExportPin>(PINS, [channelId, source]);
  }
}
