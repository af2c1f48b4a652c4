import { Injectable } from '@nestjs/common';
import type { ChannelId, Membership, UserId, WorkspaceId, WorkspaceRole } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { ACCESS_COLUMNS, readableBy, type ChannelAccess } from './channel-row.js';
import type { Standing } from './permission.js';
import { STANDING_COLUMNS, STANDING_JOINS } from './standing-row.js';

const STANDING: Statement = {
  name: 'access_standing',
  text: `
    SELECT ${STANDING_COLUMNS} FROM chat.workspace_members w ${STANDING_JOINS}
    WHERE w.workspace_id = $1 AND w.user_id = $2`,
};

const CHANNEL_ACCESS: Statement = {
  name: 'access_channel',
  text: `
    SELECT ${ACCESS_COLUMNS}, ${STANDING_COLUMNS}
    FROM chat.channels c
    JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = $2
    ${STANDING_JOINS}
    LEFT JOIN chat.channel_members m ON m.channel_id = c.id AND m.user_id = $2
    WHERE c.id = $1 AND ${readableBy()}`,
};

const MEMBERSHIPS: Statement = {
  name: 'access_memberships',
  text: `
    SELECT w.role, (
      SELECT coalesce(array_agg(m.channel_id), '{}') FROM chat.channel_members m
      WHERE m.user_id = p.user_id AND m.workspace_id = p.workspace_id
    ) AS "channelIds"
    FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS p(workspace_id, user_id, ord)
    LEFT JOIN chat.workspace_members w ON w.workspace_id = p.workspace_id AND w.user_id = p.user_id
    ORDER BY p.ord`,
};

/** Sending, joining and whatever else refers to the workspace goes on meanwhile. */
const LOCK_WORKSPACE = `SELECT FROM chat.workspaces WHERE id = $1 FOR NO KEY UPDATE`;

/** All SQL that decides who may see what. */
@Injectable()
export class AccessRepository {
  constructor(private readonly database: Database) {}

  async findStanding(workspaceId: WorkspaceId, userId: UserId): Promise<Standing | null> {
    const [row] = await this.database.run<Standing>(STANDING, [workspaceId, userId]);
    return row ?? null;
  }

  async lockWorkspace(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
    await tx.query(LOCK_WORKSPACE, [workspaceId]);
  }

  /** As it is inside of the transaction. */
  async findStandingIn(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<Standing | null> {
    const [row] = await tx.query<Standing>(STANDING.text, [workspaceId, userId]);
    return row ?? null;
  }

  async findChannel(channelId: ChannelId, userId: UserId): Promise<ChannelAccess | null> {
    const [row] = await this.database.run<ChannelAccess>(CHANNEL_ACCESS, [channelId, userId]);
    return row ?? null;
  }

  async memberships(pairs: { workspaceId: WorkspaceId; userId: UserId }[]): Promise<(Membership | null)[]> {
    const rows = await this.database.run<{ role: WorkspaceRole | null; channelIds: ChannelId[] }>(
      MEMBERSHIPS,
      [pairs.map((pair) => pair.workspaceId), pairs.map((pair) => pair.userId)],
    );
    return rows.map(({ role, channelIds }) => (role ? { role, channelIds } : null));
  }
}
