import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelRole, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { CHANNEL_COLUMNS, type ChannelRow } from '../access/channel-row.js';
import { groupsOf } from '../read-state/read-state-columns.js';
import { Channel } from './channel.entity.js';
import { myChannelColumns, type MyChannelRow } from './my-channel.js';

const JOINED: Statement = {
  name: 'channels_joined',
  text: `
    SELECT ${myChannelColumns(groupsOf('$1', '$2'))}
    FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
    WHERE m.user_id = $2 AND m.workspace_id = $1
    ORDER BY coalesce(c.name, ''), c.id`,
};
const MINE: Statement = {
  name: 'channels_mine',
  text: `
    SELECT ${myChannelColumns(groupsOf('m.workspace_id', 'm.user_id'))}
    FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
    WHERE m.user_id = $2 AND m.channel_id = $1`,
};

/** Whoever joins has read what was said before. */
const ADD_MEMBERS = `
  INSERT INTO chat.channel_members (channel_id, user_id, workspace_id, role, last_read_seq, last_read_ordinal, moved_at_seq, joined_at)
  SELECT c.id, w.user_id, c.workspace_id, $3, c.last_seq, c.last_ordinal, c.last_seq, $4
  FROM chat.channels c
  JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = ANY($2::uuid[])
  WHERE c.id = $1
  ON CONFLICT DO NOTHING
  RETURNING user_id AS "userId", last_read_seq::float8 AS "lastReadSeq"`;

const DEFAULTS = `SELECT id FROM chat.channels WHERE workspace_id = $1 AND is_default AND archived_at IS NULL ORDER BY id`;
const ROW = `SELECT ${CHANNEL_COLUMNS} FROM chat.channels c WHERE c.id = $1`;

/** All SQL on channels as such. */
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

  joined(workspaceId: WorkspaceId, userId: UserId): Promise<MyChannelRow[]> {
    return this.database.run<MyChannelRow>(JOINED, [workspaceId, userId]);
  }

  /** Null when the user is not in it. */
  async mine(channelId: ChannelId, userId: UserId): Promise<MyChannelRow | null> {
    return (await this.database.run<MyChannelRow>(MINE, [channelId, userId]))[0] ?? null;
  }

  /** Adds those who are in the workspace and not yet in the channel; returns whom it added. */
  addMembers(
    tx: Tx,
    channelId: ChannelId,
    userIds: readonly UserId[],
    role: ChannelRole,
    joinedAt: Date,
  ): Promise<{ userId: UserId; lastReadSeq: number }[]> {
    return tx.query(ADD_MEMBERS, [channelId, userIds, role, joinedAt]);
  }

  async defaults(tx: Tx, workspaceId: WorkspaceId): Promise<ChannelId[]> {
    return (await tx.query<{ id: ChannelId }>(DEFAULTS, [workspaceId])).map((row) => row.id);
  }

  async getRow(tx: Tx, channelId: ChannelId): Promise<ChannelRow> {
    return (await tx.query<ChannelRow>(ROW, [channelId]))[0] as ChannelRow;
  }
}
