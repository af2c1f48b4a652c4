import { Injectable } from '@nestjs/common';
import type { ChannelId, ReadCursor, ReadState, Unread, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { THREAD_TOTALS } from '../threads/thread-columns.js';
import {
  groupsOf,
  mentionsAfter,
  presentReadState,
  readStateColumns,
  REMOVED_AFTER,
  type ReadStateRow,
} from './read-state-columns.js';

const FIND: Statement = {
  name: 'read_state_find',
  text: `
    SELECT ${readStateColumns(groupsOf('m.workspace_id', 'm.user_id'))}
    FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
    WHERE m.channel_id = $1 AND m.user_id = $2`,
};

/** The reader may have written meanwhile, after the statement looked at the channel: then their row knows better. */
const MOVED = `cursor_version = m.cursor_version + 1, moved_at_seq = greatest(c.last_seq, m.last_read_seq)`;

/** Never past the newest message; forward only, unless `$4`. */
const MOVE = `
  UPDATE chat.channel_members m SET last_read_seq = t.seq, last_read_ordinal = t.ordinal, ${MOVED}
  FROM chat.channels c
  CROSS JOIN LATERAL (
    SELECT least($3::bigint, c.last_seq) AS seq, coalesce((
      SELECT x.ordinal FROM chat.messages x
      WHERE x.channel_id = c.id AND x.in_channel AND x.seq <= $3 ORDER BY x.seq DESC LIMIT 1), 0) AS ordinal
  ) t
  WHERE m.channel_id = $1 AND m.user_id = $2 AND c.id = m.channel_id AND (m.last_read_seq < t.seq OR $4)
  RETURNING ${readStateColumns(groupsOf('m.workspace_id', 'm.user_id'))}`;

/** Where the channel shows something after the cursor. */
const READ_ALL = `
  UPDATE chat.channel_members m SET last_read_seq = c.last_seq, last_read_ordinal = c.last_ordinal, ${MOVED}
  FROM chat.channels c
  WHERE m.user_id = $1 AND m.workspace_id = $2 AND c.id = m.channel_id
    AND c.last_ordinal > m.last_read_ordinal AND c.last_seq > m.last_read_seq
  RETURNING m.channel_id AS "channelId", ${readStateColumns(groupsOf('$2', '$1'))}`;

/** One look at each channel of the reader; only where something is new also at what was deleted or calls them. */
export const UNREAD: Statement = {
  name: 'read_state_unread',
  text: `
    SELECT
      (SELECT coalesce(json_agg(b ORDER BY b."channelId"), '[]') FROM (
        SELECT m.channel_id AS "channelId",
          c.last_ordinal - m.last_read_ordinal - (SELECT count(*) FROM (${REMOVED_AFTER}) r) AS unread,
          (SELECT count(DISTINCT x.seq) FROM (${mentionsAfter(groupsOf('$2', '$1'))}) x) AS mentions
        FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
        WHERE m.user_id = $1 AND m.workspace_id = $2 AND c.last_ordinal > m.last_read_ordinal OFFSET 0
      ) b WHERE b.unread > 0) AS channels,
      (SELECT row_to_json(t) FROM (${THREAD_TOTALS}) t) AS threads`,
};

/** All SQL on read cursors. */
@Injectable()
export class ReadStateRepository {
  constructor(private readonly database: Database) {}

  /** Null when the user is not in the channel. */
  async find(channelId: ChannelId, userId: UserId): Promise<ReadState | null> {
    const [row] = await this.database.run<ReadStateRow>(FIND, [channelId, userId]);
    return row ? presentReadState(row) : null;
  }

  /** Null when the cursor was there already. */
  async move(
    tx: Tx,
    channelId: ChannelId,
    userId: UserId,
    seq: number,
    { back }: { back: boolean },
  ): Promise<ReadState | null> {
    const [row] = await tx.query<ReadStateRow>(MOVE, [channelId, userId, seq, back]);
    return row ? presentReadState(row) : null;
  }

  /** The cursors that moved. */
  async readAll(tx: Tx, userId: UserId, workspaceId: WorkspaceId): Promise<ReadCursor[]> {
    const rows = await tx.query<ReadStateRow & { channelId: ChannelId }>(READ_ALL, [userId, workspaceId]);
    return rows.map((row) => ({ channelId: row.channelId, ...presentReadState(row) }));
  }

  async unread(userId: UserId, workspaceId: WorkspaceId): Promise<Unread> {
    const [row] = await this.database.run<Unread>(UNREAD, [userId, workspaceId]);
    return row as Unread;
  }
}
