import { Injectable } from '@nestjs/common';
import type { GroupId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { USER_COLUMNS } from '../accounts/user-row.js';
import type { GroupMemberRow, GroupRow } from './group.js';

const COLUMNS = `
  g.id, g.workspace_id AS "workspaceId", g.handle, g.name, g.description, g.disabled,
  ARRAY(SELECT x.user_id FROM chat.group_members x WHERE x.group_id = g.id ORDER BY x.user_id) AS "memberIds",
  g.created_by AS "createdBy", g.created_at AS "createdAt", g.version`;

const LIST: Statement = {
  name: 'groups_list',
  text: `
    SELECT ${COLUMNS} FROM chat.groups g
    WHERE g.workspace_id = $1 AND (g.handle, g.id) > ($2::text, $3::uuid)
    ORDER BY g.handle, g.id LIMIT $4`,
};
const EXISTS: Statement = {
  name: 'groups_exists',
  text: `SELECT 1 FROM chat.groups WHERE workspace_id = $1 AND id = $2`,
};
const MEMBERS: Statement = {
  name: 'groups_members',
  text: `
    SELECT ${USER_COLUMNS}, x.added_at AS "addedAt"
    FROM chat.group_members x JOIN chat.users u ON u.id = x.user_id
    WHERE x.group_id = $1 AND (u.name, u.id) > ($2::text, $3::uuid)
    ORDER BY u.name, u.id LIMIT $4`,
};
const OF_PERSON: Statement = {
  name: 'groups_of_person',
  text: `
    SELECT x.group_id AS id FROM chat.group_members x JOIN chat.groups g ON g.id = x.group_id
    WHERE x.workspace_id = $1 AND x.user_id = $2 AND NOT g.disabled ORDER BY x.group_id`,
};
const FIND = `SELECT ${COLUMNS} FROM chat.groups g WHERE g.workspace_id = $1 AND g.id = $2`;
const INSERT = `
  INSERT INTO chat.groups (id, workspace_id, handle, name, description, created_by, created_at, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT (workspace_id, handle) DO NOTHING RETURNING id`;
const HANDLE_TAKEN = `SELECT 1 FROM chat.groups WHERE workspace_id = $1 AND handle = $2 AND id <> $3`;
const UPDATE = `UPDATE chat.groups SET handle = $2, name = $3, description = $4, disabled = $5 WHERE id = $1`;
const NEXT_VERSION = `UPDATE chat.groups SET version = version + 1 WHERE id = $1`;
const DELETE = `DELETE FROM chat.groups WHERE workspace_id = $1 AND id = $2 RETURNING id`;
/** Guests see only people they share a channel with, so they are in no group. */
const ELIGIBLE = `
  SELECT user_id AS id FROM chat.workspace_members
  WHERE workspace_id = $1 AND user_id = ANY ($2::uuid[]) AND role NOT IN ('guest', 'single_channel_guest')`;
const ADD = `
  INSERT INTO chat.group_members (group_id, user_id, workspace_id, added_at)
  SELECT $1, t.id, $2, $4 FROM unnest($3::uuid[]) AS t(id) ON CONFLICT DO NOTHING RETURNING user_id`;
const REMOVE = `DELETE FROM chat.group_members WHERE group_id = $1 AND user_id = $2 RETURNING user_id`;
const ALL_OF = `SELECT group_id AS id FROM chat.group_members WHERE workspace_id = $1 AND user_id = $2 ORDER BY 1`;
const REMOVE_FROM_ALL = `
  DELETE FROM chat.group_members WHERE workspace_id = $1 AND user_id = $2 RETURNING group_id AS id`;

/** All SQL on user groups. Who changes them holds the lock of the workspace. */
@Injectable()
export class GroupsRepository {
  constructor(private readonly database: Database) {}

  list(workspaceId: WorkspaceId, after: readonly [string, string], limit: number): Promise<GroupRow[]> {
    return this.database.run<GroupRow>(LIST, [workspaceId, ...after, limit]);
  }

  async exists(workspaceId: WorkspaceId, id: GroupId): Promise<boolean> {
    return (await this.database.run(EXISTS, [workspaceId, id])).length > 0;
  }

  members(id: GroupId, after: readonly [string, string], limit: number): Promise<GroupMemberRow[]> {
    return this.database.run<GroupMemberRow>(MEMBERS, [id, ...after, limit]);
  }

  /** Those whose mention calls this person. */
  async ofPerson(workspaceId: WorkspaceId, userId: UserId): Promise<GroupId[]> {
    return (await this.database.run<{ id: GroupId }>(OF_PERSON, [workspaceId, userId])).map(({ id }) => id);
  }

  async find(tx: Tx, workspaceId: WorkspaceId, id: GroupId): Promise<GroupRow | null> {
    return (await tx.query<GroupRow>(FIND, [workspaceId, id]))[0] ?? null;
  }

  /** False when the handle is taken. */
  async insert(tx: Tx, group: Omit<GroupRow, 'memberIds' | 'disabled' | 'version'>): Promise<boolean> {
    const { id, workspaceId, handle, name, description, createdBy, createdAt } = group;
    const values = [id, workspaceId, handle, name, description, createdBy, createdAt];
    return (await tx.query(INSERT, values)).length > 0;
  }

  async isHandleTaken(tx: Tx, { workspaceId, handle, id }: GroupRow): Promise<boolean> {
    return (await tx.query(HANDLE_TAKEN, [workspaceId, handle, id])).length > 0;
  }

  async update(tx: Tx, { id, handle, name, description, disabled }: GroupRow): Promise<void> {
    await tx.query(UPDATE, [id, handle, name, description, disabled]);
  }

  async nextVersion(tx: Tx, id: GroupId): Promise<void> {
    await tx.query(NEXT_VERSION, [id]);
  }

  async delete(tx: Tx, workspaceId: WorkspaceId, id: GroupId): Promise<boolean> {
    return (await tx.query(DELETE, [workspaceId, id])).length > 0;
  }

  /** Those of `userIds` who can be in a group. */
  async eligible(tx: Tx, workspaceId: WorkspaceId, userIds: readonly UserId[]): Promise<Set<UserId>> {
    return new Set((await tx.query<{ id: UserId }>(ELIGIBLE, [workspaceId, userIds])).map(({ id }) => id));
  }

  /** How many were not in it yet. */
  async add(
    tx: Tx,
    group: Pick<GroupRow, 'id' | 'workspaceId'>,
    userIds: readonly UserId[],
    at: Date,
  ): Promise<number> {
    return (await tx.query(ADD, [group.id, group.workspaceId, userIds, at])).length;
  }

  async remove(tx: Tx, id: GroupId, userId: UserId): Promise<boolean> {
    return (await tx.query(REMOVE, [id, userId])).length > 0;
  }
  /** The groups that somebody was in. */
  async removeFromAll(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<GroupId[]> {
    const rows = await tx.query<{ id: GroupId }>(REMOVE_FROM_ALL, [workspaceId, userId]);
    return rows.map(({ id }) => id).sort();
  }

  /** The disabled ones too. */
  async allOf(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<GroupId[]> {
    return (await tx.query<{ id: GroupId }>(ALL_OF, [workspaceId, userId])).map(({ id }) => id);
  }
}
