import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelRole, UserId, WorkspaceId, WorkspaceRole } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import {
  ACCESS_COLUMNS,
  CHANNEL_COLUMNS,
  readableBy,
  type ChannelAccess,
  type ChannelRow,
} from '../access/channel-row.js';
import { USER_COLUMNS, type UserRow } from '../accounts/user-row.js';
import { Channel } from './channel.entity.js';

export type MemberRow = UserRow & { role: ChannelRole; joinedAt: Date };

const VISIBLE: Statement = {
  name: 'channels_visible',
  text: `
    SELECT ${ACCESS_COLUMNS}
    FROM chat.channels c
    JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = $2
    LEFT JOIN chat.channel_members m ON m.channel_id = c.id AND m.user_id = $2
    WHERE c.workspace_id = $1 AND ${readableBy()}
      AND (coalesce(c.name, ''), c.id) > ($3::text, $4::uuid)
    ORDER BY coalesce(c.name, ''), c.id LIMIT $5`,
};

const JOINED: Statement = {
  name: 'channels_joined',
  text: `
    SELECT ${ACCESS_COLUMNS}
    FROM chat.channel_members m
    JOIN chat.channels c ON c.id = m.channel_id
    JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = m.user_id
    WHERE m.user_id = $2 AND m.workspace_id = $1
    ORDER BY coalesce(c.name, ''), c.id`,
};

const MEMBERS: Statement = {
  name: 'channels_members',
  text: `
    SELECT ${USER_COLUMNS}, m.role, m.joined_at AS "joinedAt"
    FROM chat.channel_members m JOIN chat.users u ON u.id = m.user_id
    WHERE m.channel_id = $1 AND (u.name, u.id) > ($2::text, $3::uuid)
    ORDER BY u.name, u.id LIMIT $4`,
};

/** Whoever joins has read what was said before. */
const ADD_MEMBERS = `
  INSERT INTO chat.channel_members (channel_id, user_id, workspace_id, role, last_read_seq, last_read_ordinal, moved_at_seq, joined_at)
  SELECT c.id, w.user_id, c.workspace_id, $3, c.last_seq, c.last_ordinal, c.last_seq, $4
  FROM chat.channels c
  JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = ANY($2::uuid[])
  WHERE c.id = $1
  ON CONFLICT DO NOTHING
  RETURNING user_id AS "userId", last_read_seq::float8 AS "lastReadSeq", last_read_ordinal::float8 AS "lastReadOrdinal"`;

const REMOVE_MEMBER = `DELETE FROM chat.channel_members WHERE channel_id = $1 AND user_id = $2 RETURNING user_id`;
const DEFAULTS = `SELECT id FROM chat.channels WHERE workspace_id = $1 AND is_default AND archived_at IS NULL ORDER BY id`;
const ROW = `SELECT ${CHANNEL_COLUMNS} FROM chat.channels c WHERE c.id = $1`;
const DIRECT = `SELECT id FROM chat.channels WHERE workspace_id = $1 AND direct_key = $2`;
const PEOPLE = `
  SELECT ${USER_COLUMNS} FROM chat.workspace_members w JOIN chat.users u ON u.id = w.user_id
  WHERE w.workspace_id = $1 AND w.user_id = ANY($2::uuid[])`;
/** Guests know whom they share a channel with. */
const PEOPLE_KNOWN = `${PEOPLE} AND (w.user_id = $3 OR EXISTS (
    SELECT 1 FROM chat.channel_members mine
    JOIN chat.channel_members theirs ON theirs.channel_id = mine.channel_id AND theirs.user_id = w.user_id
    WHERE mine.user_id = $3 AND mine.workspace_id = $1
  ))`;
/** Locked, so that a single-channel guest is not put into two channels at once. */
const LOCK_ROLE = `SELECT role FROM chat.workspace_members WHERE workspace_id = $1 AND user_id = $2 FOR NO KEY UPDATE`;
const ROOMS = `
  SELECT m.channel_id AS id FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
  WHERE m.workspace_id = $1 AND m.user_id = $2 AND c.kind IN ('public', 'private')`;

/** All SQL on channels and their members. */
@Injectable()
export class ChannelsRepository {
  constructor(private readonly database: Database) {}

  /** False when the name (or the direct conversation) exists in the workspace. */
  async insert(tx: Tx, channel: Channel): Promise<boolean> {
    const result = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(Channel)
      .values(channel)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length > 0;
  }

  visible(
    workspaceId: WorkspaceId,
    userId: UserId,
    after: readonly [string, string],
    limit: number,
  ): Promise<ChannelAccess[]> {
    return this.database.run<ChannelAccess>(VISIBLE, [workspaceId, userId, ...after, limit]);
  }

  joined(workspaceId: WorkspaceId, userId: UserId): Promise<ChannelAccess[]> {
    return this.database.run<ChannelAccess>(JOINED, [workspaceId, userId]);
  }

  members(channelId: ChannelId, after: readonly [string, string], limit: number): Promise<MemberRow[]> {
    return this.database.run<MemberRow>(MEMBERS, [channelId, ...after, limit]);
  }

  /** Adds those who are in the workspace and not yet in the channel; returns whom it added. */
  addMembers(
    tx: Tx,
    channelId: ChannelId,
    userIds: readonly UserId[],
    role: ChannelRole,
    joinedAt: Date,
  ): Promise<{ userId: UserId; lastReadSeq: number; lastReadOrdinal: number }[]> {
    return tx.query(ADD_MEMBERS, [channelId, userIds, role, joinedAt]);
  }

  async removeMember(tx: Tx, channelId: ChannelId, userId: UserId): Promise<boolean> {
    return (await tx.query(REMOVE_MEMBER, [channelId, userId])).length > 0;
  }

  async defaults(tx: Tx, workspaceId: WorkspaceId): Promise<ChannelId[]> {
    return (await tx.query<{ id: ChannelId }>(DEFAULTS, [workspaceId])).map((row) => row.id);
  }

  async findRow(tx: Tx, channelId: ChannelId): Promise<ChannelRow | null> {
    return (await tx.query<ChannelRow>(ROW, [channelId]))[0] ?? null;
  }

  async getRow(tx: Tx, channelId: ChannelId): Promise<ChannelRow> {
    return (await this.findRow(tx, channelId)) as ChannelRow;
  }

  async findDirect(tx: Tx, workspaceId: WorkspaceId, directKey: string): Promise<ChannelId | null> {
    const [row] = await tx.query<{ id: ChannelId }>(DIRECT, [workspaceId, directKey]);
    return row?.id ?? null;
  }

  /** Those of `userIds` who are in the workspace. */
  people(tx: Tx, workspaceId: WorkspaceId, userIds: readonly UserId[]): Promise<UserRow[]> {
    return tx.query(PEOPLE, [workspaceId, userIds]);
  }

  /** Those of `userIds` whom a guest may know of. */
  peopleKnownTo(
    tx: Tx,
    guestId: UserId,
    workspaceId: WorkspaceId,
    userIds: readonly UserId[],
  ): Promise<{ id: UserId; name: string; kind: 'user' | 'bot' }[]> {
    return tx.query(PEOPLE_KNOWN, [workspaceId, userIds, guestId]);
  }

  async lockRole(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceRole | null> {
    const [row] = await tx.query<{ role: WorkspaceRole }>(LOCK_ROLE, [workspaceId, userId]);
    return row?.role ?? null;
  }

  /** The channels someone is in that are not conversations. */
  async roomsOf(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<ChannelId[]> {
    return (await tx.query<{ id: ChannelId }>(ROOMS, [workspaceId, userId])).map((row) => row.id);
  }
}
