import { Injectable } from '@nestjs/common';
import {
  activityKinds,
  MAX_UNREAD_ACTIVITY,
  type ActivityCursor,
  type ActivityKind,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { OLDEST, timestampOf, type ActivityRow } from './activity.js';
import { ACTIVITY, ACTIVITY_COUNT } from './activity.statement.js';

const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const COLUMNS = `last_read_id AS "lastReadId", version`;
const CURSOR: Statement = {
  name: 'activity_cursor',
  text: `SELECT ${COLUMNS} FROM chat.activity_cursors WHERE user_id = $1 AND workspace_id = $2`,
};
const MOVE = `
  INSERT INTO chat.activity_cursors AS a (user_id, workspace_id, last_read_id) VALUES ($1, $2, $3)
  ON CONFLICT (user_id, workspace_id) DO UPDATE SET last_read_id = excluded.last_read_id, version = a.version + 1
  WHERE a.last_read_id < excluded.last_read_id
  RETURNING ${COLUMNS}`;

/** All SQL on what concerns somebody. */
@Injectable()
export class ActivityRepository {
  constructor(private readonly database: Database) {}

  /** The newest first. */
  entries(
    userId: UserId,
    workspaceId: WorkspaceId,
    { before, kinds, limit }: { before: string; kinds: readonly ActivityKind[]; limit: number },
  ): Promise<ActivityRow[]> {
    const times = [timestampOf(before), timestampOf(OLDEST)];
    const values = [userId, workspaceId, before, OLDEST, kinds, limit, ...times];
    return this.database.run<ActivityRow>(ACTIVITY, values);
  }

  /** Counted as far as `MAX_UNREAD_ACTIVITY`. */
  async countAfter(userId: UserId, workspaceId: WorkspaceId, after: string): Promise<number> {
    const times = [timestampOf(NEWEST), timestampOf(after)];
    const values = [userId, workspaceId, NEWEST, after, activityKinds, MAX_UNREAD_ACTIVITY, ...times];
    const [row] = await this.database.run<{ count: number }>(ACTIVITY_COUNT, values);
    return row?.count ?? 0;
  }

  async cursor(userId: UserId, workspaceId: WorkspaceId): Promise<ActivityCursor> {
    const [row] = await this.database.run<ActivityCursor>(CURSOR, [userId, workspaceId]);
    return row ?? { lastReadId: null, version: 0 };
  }

  /** Null when the cursor was there already. */
  async move(tx: Tx, userId: UserId, workspaceId: WorkspaceId, id: string): Promise<ActivityCursor | null> {
    return (await tx.query<ActivityCursor>(MOVE, [userId, workspaceId, id]))[0] ?? null;
  }
}
