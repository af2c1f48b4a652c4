import { Injectable } from '@nestjs/common';
import type { ChannelId, Sidebar, SidebarSection, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';

const FIND: Statement = {
  name: 'sidebar_find',
  text: `SELECT sections, version FROM chat.sidebars WHERE workspace_id = $1 AND user_id = $2`,
};
const CREATE = `
  INSERT INTO chat.sidebars (workspace_id, user_id)
  SELECT workspace_id, user_id FROM chat.workspace_members WHERE workspace_id = $1 AND user_id = $2 FOR KEY SHARE
  ON CONFLICT DO NOTHING`;
const LOCK = `${FIND.text} FOR UPDATE`;
const SAVE = `
  UPDATE chat.sidebars SET sections = $3::jsonb, version = version + 1 WHERE workspace_id = $1 AND user_id = $2
  RETURNING sections, version`;
const JOINED_OF = `SELECT channel_id AS id FROM chat.channel_members WHERE user_id = $1 AND channel_id = ANY($2::uuid[])`;

/** All SQL on people's sidebars. */
@Injectable()
export class SidebarRepository {
  constructor(private readonly database: Database) {}

  async find(workspaceId: WorkspaceId, userId: UserId): Promise<Sidebar | null> {
    return (await this.database.run<Sidebar>(FIND, [workspaceId, userId]))[0] ?? null;
  }

  /** Holds the sidebar until the transaction ends; null for whoever is not in the workspace. */
  async lock(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<Sidebar | null> {
    await tx.query(CREATE, [workspaceId, userId]);
    return (await tx.query<Sidebar>(LOCK, [workspaceId, userId]))[0] ?? null;
  }

  async save(tx: Tx, workspaceId: WorkspaceId, userId: UserId, sections: SidebarSection[]): Promise<Sidebar> {
    const rows = await tx.query<Sidebar>(SAVE, [workspaceId, userId, JSON.stringify(sections)]);
    return rows[0] as Sidebar;
  }

  /** Those of `channelIds` that the person is in. */
  async joinedOf(tx: Tx, userId: UserId, channelIds: ChannelId[]): Promise<Set<ChannelId>> {
    const rows = await tx.query<{ id: ChannelId }>(JOINED_OF, [userId, channelIds]);
    return new Set(rows.map(({ id }) => id));
  }
}
