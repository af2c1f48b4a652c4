import { Injectable } from '@nestjs/common';
import type { JoinableWorkspace, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { STANDING_COLUMNS, STANDING_JOINS } from '../access/standing-row.js';
import { ME_COLUMNS, type MeRow } from '../accounts/user-row.js';
import type { MyWorkspaceRow, WorkspaceRow } from './workspace.js';

const columns = (alias: string) => `
  ${alias}.id, ${alias}.name, ${alias}.created_at AS "createdAt", ${alias}.icon_image_id AS "iconImageId",
  ${alias}.branding, ${alias}.who_may AS "whoMay", ${alias}.retention_days AS "retentionDays",
  ${alias}.allowed_domains AS "allowedDomains", ${alias}.link_previews AS "linkPreviews", ${alias}.version`;
const MINE = `
  SELECT ${columns('settings')}, ${STANDING_COLUMNS}, w.custom_role_id AS "customRoleId"
  FROM chat.workspace_members w ${STANDING_JOINS}
  WHERE w.user_id = $1`;
const LIST_MINE: Statement = { name: 'workspaces_mine', text: `${MINE} ORDER BY settings.name, settings.id` };
const ONE_OF_MINE: Statement = { name: 'workspaces_one', text: `${MINE} AND w.workspace_id = $2` };
const ROW = `SELECT ${columns('w')} FROM chat.workspaces w WHERE w.id = $1`;
const INSERT = `INSERT INTO chat.workspaces (id, name, created_by, created_at) VALUES ($1, $2, $3, $4)`;
const UPDATE = `
  UPDATE chat.workspaces SET name = $2, icon_image_id = $3, branding = $4, who_may = $5, retention_days = $6,
    allowed_domains = $7, link_previews = $8, version = $9
  WHERE id = $1`;

/** Where a person may go by the domain of their verified address, and where they are not and were not put out. */
const JOINABLE: Statement = {
  name: 'workspaces_joinable',
  text: `
    SELECT w.id, w.name, w.icon_image_id AS "iconImageId", (
      SELECT count(*)::int FROM chat.workspace_members m WHERE m.workspace_id = w.id AND m.role <> 'bot'
    ) AS members
    FROM chat.workspaces w
    WHERE w.allowed_domains @> ARRAY[$2::text] AND w.deleted_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM chat.workspace_members m WHERE m.workspace_id = w.id AND m.user_id = $1)
      AND NOT EXISTS (
        SELECT 1 FROM chat.former_members f
        WHERE f.workspace_id = w.id AND f.user_id = $1 AND f.state <> 'left')
      AND (w.name, w.id) > ($3::text, $4::uuid)
    ORDER BY w.name, w.id LIMIT $5`,
};
/** Locked against deletion and other settings. */
const ALLOWS_DOMAIN = `
  SELECT 1 FROM chat.workspaces
  WHERE id = $1 AND allowed_domains @> ARRAY[$2::text] AND deleted_at IS NULL FOR SHARE`;

const VERIFIED = `
  SELECT ${ME_COLUMNS} FROM chat.users u
  WHERE u.id = $1 AND u.kind = 'user' AND u.email_verified_at IS NOT NULL AND u.deleted_at IS NULL`;

/** All SQL on workspaces and their settings. */
@Injectable()
export class WorkspacesRepository {
  constructor(private readonly database: Database) {}

  mine(userId: UserId): Promise<MyWorkspaceRow[]> {
    return this.database.run<MyWorkspaceRow>(LIST_MINE, [userId]);
  }

  async findMine(userId: UserId, workspaceId: WorkspaceId): Promise<MyWorkspaceRow | null> {
    const [row] = await this.database.run<MyWorkspaceRow>(ONE_OF_MINE, [userId, workspaceId]);
    return row ?? null;
  }

  async get(tx: Tx, workspaceId: WorkspaceId): Promise<WorkspaceRow> {
    return (await tx.query<WorkspaceRow>(ROW, [workspaceId]))[0] as WorkspaceRow;
  }

  async insert(
    tx: Tx,
    workspace: { id: WorkspaceId; name: string; createdBy: UserId; createdAt: Date },
  ): Promise<void> {
    const { id, name, createdBy, createdAt } = workspace;
    await tx.query(INSERT, [id, name, createdBy, createdAt]);
  }

  async update(tx: Tx, row: WorkspaceRow): Promise<void> {
    const { id, name, iconImageId, branding, whoMay, retentionDays, allowedDomains } = row;
    const settings = [branding && JSON.stringify(branding), JSON.stringify(whoMay)];
    const { linkPreviews, version } = row;
    const rest = [retentionDays, allowedDomains, linkPreviews, version];
    await tx.query(UPDATE, [id, name, iconImageId, ...settings, ...rest]);
  }

  /** Null for someone without a verified address. */
  async verified(tx: Tx, userId: UserId): Promise<MeRow | null> {
    return (await tx.query<MeRow>(VERIFIED, [userId]))[0] ?? null;
  }

  joinable(
    userId: UserId,
    domain: string,
    after: readonly [string, string],
    limit: number,
  ): Promise<JoinableWorkspace[]> {
    return this.database.run<JoinableWorkspace>(JOINABLE, [userId, domain, ...after, limit]);
  }

  async allowsDomain(tx: Tx, workspaceId: WorkspaceId, domain: string): Promise<boolean> {
    return (await tx.query(ALLOWS_DOMAIN, [workspaceId, domain])).length > 0;
  }
}
