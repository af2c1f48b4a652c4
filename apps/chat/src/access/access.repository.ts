import { Injectable } from '@nestjs/common';
import type { ChannelId, Membership, UserId, WorkspaceId, WorkspaceRole } from '#contracts';
import { Database, type Statement } from '#db';
import { ACCESS_COLUMNS, readableBy, type ChannelAccess } from './channel-row.js';

const WORKSPACE_ROLE: Statement = {
  name: 'access_workspace_role',
  text: `SELECT role FROM chat.workspace_members WHERE workspace_id = $1 AND user_id = $2`,
};

const CHANNEL_ACCESS: Statement = {
  name: 'access_channel',
  text: `
    SELECT ${ACCESS_COLUMNS}
    FROM chat.channels c
    JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = $2
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

/** All SQL that decides who may see what. */
@Injectable()
export class AccessRepository {
  constructor(private readonly database: Database) {}

  async findWorkspaceRole(workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceRole | null> {
    const [row] = await this.database.run<{ role: WorkspaceRole }>(WORKSPACE_ROLE, [workspaceId, userId]);
    return row?.role ?? null;
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
