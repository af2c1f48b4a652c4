import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelKind, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { USER_COLUMNS, type UserRow } from '../accounts/user-row.js';
import { CHANNEL_COLUMNS, NEXT_MEMBERSHIP_VERSION, type ChannelRow } from '../access/channel-row.js';
import type { List } from './slack-format.js';

const PEOPLE: Statement = {
  name: 'imports_people',
  text: `SELECT source_id AS "sourceId", user_id AS "userId" FROM chat.imported_users WHERE workspace_id = $1`,
};
const CHANNELS: Statement = {
  name: 'imports_channels',
  text: `
    SELECT source_id AS "sourceId", channel_id AS "channelId", list, position, name, announced, raw
    FROM chat.imported_channels WHERE workspace_id = $1 ORDER BY position, source_id`,
};
/**
 * An account that nobody has proved to hold the address of could belong to anybody, and whoever is matched
 * gets private messages to see. One that was made for the address and never entered belongs to nobody else.
 */
const MATCH = `
  SELECT u.id, u.email FROM chat.users u
  JOIN chat.workspace_members w ON w.workspace_id = $1 AND w.user_id = u.id
  WHERE u.email = ANY($2::text[]) AND (u.email_verified_at IS NOT NULL OR u.password_hash IS NULL)`;
const ADD_PLACEHOLDERS = `
  INSERT INTO chat.users (id, kind, name, email, title, created_at)
  SELECT id, kind, name, CASE kind WHEN 'user' THEN id || '@imported.invalid' END, title, $2
  FROM jsonb_to_recordset($1::jsonb) AS p(id uuid, kind text, name text, title text)`;
const NOTE_PEOPLE = `
  INSERT INTO chat.imported_users AS i (workspace_id, source_id, user_id, placeholder, raw)
  SELECT $1, "sourceId", "userId", placeholder, raw::json
  FROM jsonb_to_recordset($2::jsonb) AS p("sourceId" text, "userId" uuid, placeholder boolean, raw text)
  ON CONFLICT (workspace_id, source_id) DO UPDATE SET raw = coalesce(excluded.raw, i.raw)`;
const BY_NAME = `
  SELECT id, kind, archived_at AS "archivedAt" FROM chat.channels WHERE workspace_id = $1 AND name = $2`;
const BY_KEY = `SELECT id FROM chat.channels WHERE workspace_id = $1 AND direct_key = $2`;
const ADD_CHANNEL = `
  INSERT INTO chat.channels (id, workspace_id, kind, name, topic, description, direct_key, created_by, created_at, archived_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id`;
const NOTE_CHANNEL = `
  INSERT INTO chat.imported_channels AS i (workspace_id, source_id, channel_id, list, position, name, announced, raw)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::json)
  ON CONFLICT (workspace_id, source_id) DO UPDATE SET raw = excluded.raw`;
const LOCK = `SELECT ${CHANNEL_COLUMNS} FROM chat.channels c WHERE c.id = $1 FOR UPDATE`;
/** Whoever comes in with the history has read it. */
const ADD_MEMBERS = `
  INSERT INTO chat.channel_members (channel_id, user_id, workspace_id, role, last_read_seq, last_read_ordinal, moved_at_seq, joined_at)
  SELECT c.id, w.user_id, c.workspace_id, CASE WHEN c.kind <> 'direct' AND w.user_id = c.created_by THEN 'admin' ELSE 'member' END,
    c.last_seq, c.last_ordinal, c.last_seq, $3
  FROM chat.channels c
  JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = ANY($2::uuid[])
  WHERE c.id = $1
  ON CONFLICT DO NOTHING RETURNING user_id AS "userId"`;
/** And so has everyone who was there before: old history is no news. */
const READ_ALL = `
  UPDATE chat.channel_members m SET last_read_seq = c.last_seq, last_read_ordinal = c.last_ordinal,
    cursor_version = m.cursor_version + 1, moved_at_seq = c.last_seq
  FROM chat.channels c WHERE c.id = $1 AND m.channel_id = c.id AND m.last_read_seq < c.last_seq`;
/** Whoever wrote in a thread follows it, and has read it. */
const FOLLOW_THREADS = `
  INSERT INTO chat.thread_members AS f (thread_id, user_id, workspace_id, channel_id, following, last_read_seq)
  SELECT t.root_id, a.sender_id, t.workspace_id, t.channel_id, true, t.last_seq
  FROM chat.threads t
  CROSS JOIN LATERAL (
    SELECT r.sender_id FROM chat.messages r WHERE r.id = t.root_id
    UNION SELECT r.sender_id FROM chat.messages r WHERE r.thread_id = t.root_id
  ) a
  JOIN chat.channel_members m ON m.channel_id = t.channel_id AND m.user_id = a.sender_id
  WHERE t.channel_id = $1
  ON CONFLICT (user_id, thread_id) DO UPDATE
    SET last_read_seq = excluded.last_read_seq, version = f.version + 1 WHERE f.last_read_seq < excluded.last_read_seq`;
const USERS = `SELECT ${USER_COLUMNS} FROM chat.users u WHERE u.id = ANY($1::uuid[]) ORDER BY u.id`;
/** A channel that had no words of its own takes those of the source. */
const FILL = `
  UPDATE chat.channels SET topic = CASE WHEN topic = '' THEN $2 ELSE topic END,
    description = CASE WHEN description = '' THEN $3 ELSE description END, version = version + 1
  WHERE id = $1 AND kind <> 'direct' AND ((topic = '' AND $2 <> '') OR (description = '' AND $3 <> '')) RETURNING id`;
const ANNOUNCED = `
  UPDATE chat.imported_channels SET announced = true WHERE workspace_id = $1 AND source_id = $2`;

export type ImportedChannel = {
  sourceId: string;
  channelId: ChannelId;
  list: List;
  position: number;
  name: string | null;
  announced: boolean;
  raw: Record<string, unknown>;
};
export type NewPlaceholder = { id: UserId; kind: 'user' | 'bot'; name: string; title: string };
export type NewChannel = {
  id: ChannelId;
  workspaceId: WorkspaceId;
  kind: ChannelKind;
  name: string | null;
  topic: string;
  description: string;
  directKey: string | null;
  createdBy: UserId;
  createdAt: Date;
  archivedAt: Date | null;
};

/** All SQL on the people and channels of imports. */
@Injectable()
export class ImportsRepository {
  constructor(private readonly database: Database) {}

  /** Who is who, by the ids of the source. */
  async people(workspaceId: WorkspaceId): Promise<Map<string, UserId>> {
    const rows = await this.database.run<{ sourceId: string; userId: UserId }>(PEOPLE, [workspaceId]);
    return new Map(rows.map(({ sourceId, userId }) => [sourceId, userId]));
  }

  channels(workspaceId: WorkspaceId): Promise<ImportedChannel[]> {
    return this.database.run<ImportedChannel>(CHANNELS, [workspaceId]);
  }

  /** Members of the workspace by their addresses. */
  async match(tx: Tx, workspaceId: WorkspaceId, emails: readonly string[]): Promise<Map<string, UserId>> {
    const rows = await tx.query<{ id: UserId; email: string }>(MATCH, [workspaceId, emails]);
    return new Map(rows.map(({ email, id }) => [email, id]));
  }

  async addPlaceholders(tx: Tx, people: readonly NewPlaceholder[], at: Date): Promise<void> {
    if (people.length > 0) await tx.query(ADD_PLACEHOLDERS, [JSON.stringify(people), at]);
  }

  async notePeople(
    tx: Tx,
    workspaceId: WorkspaceId,
    people: readonly { sourceId: string; userId: UserId; placeholder: boolean; raw: string | null }[],
  ): Promise<void> {
    if (people.length > 0) await tx.query(NOTE_PEOPLE, [workspaceId, JSON.stringify(people)]);
  }

  async findByName(
    tx: Tx,
    workspaceId: WorkspaceId,
    name: string,
  ): Promise<{ id: ChannelId; kind: ChannelKind; archivedAt: Date | null } | null> {
    const rows = await tx.query<{ id: ChannelId; kind: ChannelKind; archivedAt: Date | null }>(BY_NAME, [
      workspaceId,
      name,
    ]);
    return rows[0] ?? null;
  }

  async findByKey(tx: Tx, workspaceId: WorkspaceId, directKey: string): Promise<ChannelId | null> {
    return (await tx.query<{ id: ChannelId }>(BY_KEY, [workspaceId, directKey]))[0]?.id ?? null;
  }

  /** False when its name, or the same direct conversation, exists. */
  async addChannel(tx: Tx, channel: NewChannel): Promise<boolean> {
    const { id, workspaceId, kind, name, topic, description, directKey, createdBy, createdAt, archivedAt } =
      channel;
    const values = [
      id,
      workspaceId,
      kind,
      name,
      topic,
      description,
      directKey,
      createdBy,
      createdAt,
      archivedAt,
    ];
    return (await tx.query(ADD_CHANNEL, values)).length > 0;
  }

  async noteChannel(
    tx: Tx,
    workspaceId: WorkspaceId,
    channel: Omit<ImportedChannel, 'raw'> & { raw: string },
  ): Promise<void> {
    const { sourceId, channelId, list, position, name, announced, raw } = channel;
    await tx.query(NOTE_CHANNEL, [workspaceId, sourceId, channelId, list, position, name, announced, raw]);
  }

  async lockChannel(tx: Tx, channelId: ChannelId): Promise<ChannelRow> {
    const [row] = await tx.query<ChannelRow>(LOCK, [channelId]);
    return row as ChannelRow;
  }

  async addMembers(tx: Tx, channelId: ChannelId, userIds: readonly UserId[], at: Date): Promise<UserId[]> {
    return (await tx.query<{ userId: UserId }>(ADD_MEMBERS, [channelId, userIds, at])).map(
      ({ userId }) => userId,
    );
  }

  /** Of what has just become of memberships of channels. */
  async nextMembershipVersion(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ version: number }>(NEXT_MEMBERSHIP_VERSION);
    return (row as { version: number }).version;
  }

  async fill(tx: Tx, channelId: ChannelId, topic: string, description: string): Promise<boolean> {
    return (await tx.query(FILL, [channelId, topic, description])).length > 0;
  }

  peopleById(tx: Tx, ids: readonly UserId[]): Promise<UserRow[]> {
    return tx.query<UserRow>(USERS, [ids]);
  }

  /** Makes the history known to its members: read, and its threads followed by who wrote in them. */
  async settle(tx: Tx, channelId: ChannelId): Promise<void> {
    await tx.query(READ_ALL, [channelId]);
    await tx.query(FOLLOW_THREADS, [channelId]);
  }

  async announced(tx: Tx, workspaceId: WorkspaceId, sourceId: string): Promise<void> {
    await tx.query(ANNOUNCED, [workspaceId, sourceId]);
  }
}
