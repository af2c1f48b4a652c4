import { Injectable } from '@nestjs/common';
import type { UserId, WorkspaceId, WorkspaceRole } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { USER_COLUMNS, type UserRow } from '../accounts/user-row.js';
import { WorkspaceMember } from './workspace-member.entity.js';
import { Workspace } from './workspace.entity.js';

export type MyWorkspaceRow = { id: WorkspaceId; name: string; createdAt: Date; role: WorkspaceRole };
export type MemberRow = UserRow & { role: WorkspaceRole; joinedAt: Date };

const MINE = `
  SELECT w.id, w.name, w.created_at AS "createdAt", m.role
  FROM chat.workspace_members m JOIN chat.workspaces w ON w.id = m.workspace_id
  WHERE m.user_id = $1`;
const LIST_MINE: Statement = { name: 'workspaces_mine', text: `${MINE} ORDER BY w.name, w.id` };
const ONE_OF_MINE: Statement = { name: 'workspaces_one', text: `${MINE} AND m.workspace_id = $2` };
const MEMBERS: Statement = {
  name: 'workspaces_members',
  text: `
    SELECT ${USER_COLUMNS}, m.role, m.joined_at AS "joinedAt"
    FROM chat.workspace_members m JOIN chat.users u ON u.id = m.user_id
    WHERE m.workspace_id = $1 AND (u.name, u.id) > ($2::text, $3::uuid)
    ORDER BY u.name, u.id LIMIT $4`,
};
/** Whom a guest knows: the people of their channels, themselves included. */
const MEMBERS_KNOWN: Statement = {
  name: 'workspaces_members_known',
  text: `
    SELECT ${USER_COLUMNS}, m.role, m.joined_at AS "joinedAt"
    FROM (
      SELECT DISTINCT theirs.user_id FROM chat.channel_members mine
      JOIN chat.channel_members theirs ON theirs.channel_id = mine.channel_id
      WHERE mine.user_id = $5 AND mine.workspace_id = $1
      UNION SELECT $5
    ) known
    JOIN chat.workspace_members m ON m.workspace_id = $1 AND m.user_id = known.user_id
    JOIN chat.users u ON u.id = m.user_id
    WHERE (u.name, u.id) > ($2::text, $3::uuid)
    ORDER BY u.name, u.id LIMIT $4`,
};
/** The owners' rows are locked, so that two owners can't leave at once and the last one stays. */
const LOCK_OWNERS = `SELECT user_id AS "userId" FROM chat.workspace_members WHERE workspace_id = $1 AND role = 'owner' ORDER BY user_id FOR UPDATE`;
const REMOVE = `DELETE FROM chat.workspace_members WHERE workspace_id = $1 AND user_id = $2 RETURNING user_id`;

/** All SQL on workspaces and their members. */
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

  members(workspaceId: WorkspaceId, after: readonly [string, string], limit: number): Promise<MemberRow[]> {
    return this.database.run<MemberRow>(MEMBERS, [workspaceId, ...after, limit]);
  }

  membersKnownTo(
    userId: UserId,
    workspaceId: WorkspaceId,
    after: readonly [string, string],
    limit: number,
  ): Promise<MemberRow[]> {
    return this.database.run<MemberRow>(MEMBERS_KNOWN, [workspaceId, ...after, limit, userId]);
  }

  async insert(tx: Tx, workspace: Workspace): Promise<void> {
    await tx.manager.insert(Workspace, workspace);
  }

  /** False when the person is a member already. */
  async insertMember(tx: Tx, member: WorkspaceMember): Promise<boolean> {
    const result = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(WorkspaceMember)
      .values(member)
      .orIgnore()
      .returning('user_id')
      .execute();
    return (result.raw as unknown[]).length > 0;
  }

  findMember(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<WorkspaceMember | null> {
    return tx.manager.findOneBy(WorkspaceMember, { workspaceId, userId });
  }

  async lockOwners(tx: Tx, workspaceId: WorkspaceId): Promise<UserId[]> {
    return (await tx.query<{ userId: UserId }>(LOCK_OWNERS, [workspaceId])).map((row) => row.userId);
  }

  /** Takes the person out of all channels too (foreign key). */
  async removeMember(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<void> {
    await tx.query(REMOVE, [workspaceId, userId]);
  }
}
