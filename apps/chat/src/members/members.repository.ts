import { Injectable } from '@nestjs/common';
import {
  MAX_GROUP_MEMBERS,
  type FormerState,
  type Permission,
  type RoleId,
  type UserId,
  type WorkspaceId,
  type WorkspaceRole,
} from '#contracts';
import type { Tx } from '#db';
import { USER_COLUMNS, type UserRow } from '../accounts/user-row.js';
import type { ReturnedTo } from '../channels/channel.js';
import type { Former, MemberRow } from './member.js';
import { MEMBER_COLUMNS } from './members-list.repository.js';

export type TargetRow = MemberRow & { customPermissions: readonly Permission[] | null };

/** Locked, so that nobody is put into a channel while their role changes. */
const TARGET = `
  SELECT ${MEMBER_COLUMNS}, custom.permissions AS "customPermissions"
  FROM chat.workspace_members w
  JOIN chat.users u ON u.id = w.user_id
  LEFT JOIN chat.roles custom ON custom.id = w.custom_role_id
  WHERE w.workspace_id = $1 AND w.user_id = $2
  FOR NO KEY UPDATE OF w`;
const INSERT = `
  INSERT INTO chat.workspace_members (workspace_id, user_id, role, custom_role_id, joined_at, version)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING user_id`;
const SET_ROLE = `
  UPDATE chat.workspace_members SET role = $3, custom_role_id = $4, version = version + 1
  WHERE workspace_id = $1 AND user_id = $2 RETURNING version`;
const OWNERS = `SELECT count(*)::int AS owners FROM chat.workspace_members WHERE workspace_id = $1 AND role = 'owner'`;
const ROOMS = `
  SELECT count(*)::int AS rooms FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
  WHERE m.workspace_id = $1 AND m.user_id = $2 AND c.kind IN ('public', 'private')`;
const CUSTOM_ROLE = `SELECT permissions FROM chat.roles WHERE workspace_id = $1 AND id = $2`;

/**
 * What hangs on a membership goes with it. Kept for the way back: everything of the deactivated, the direct
 * conversations of the others, whose history belongs to those who had them.
 */
const KEEP = `
  WITH mine AS (
    SELECT m.* FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
    WHERE m.workspace_id = $1 AND m.user_id = $2 AND ($3 = 'deactivated' OR c.kind = 'direct')
  )
  INSERT INTO chat.former_members (workspace_id, user_id, role, custom_role_id, joined_at, version, state, since, kept)
  SELECT w.workspace_id, w.user_id, w.role, w.custom_role_id, w.joined_at, w.version + 1, $3, $4, jsonb_build_object(
    'channel_members', (SELECT coalesce(jsonb_agg(to_jsonb(m)), '[]') FROM mine m),
    'channel_preferences', (
      SELECT coalesce(jsonb_agg(to_jsonb(p)), '[]') FROM chat.channel_preferences p
      JOIN mine m ON m.channel_id = p.channel_id AND m.user_id = p.user_id),
    'thread_members', (
      SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM chat.thread_members t
      JOIN mine m ON m.channel_id = t.channel_id AND m.user_id = t.user_id),
    'drafts', (
      SELECT coalesce(jsonb_agg(to_jsonb(d)), '[]') FROM chat.drafts d
      JOIN mine m ON m.channel_id = d.channel_id AND m.user_id = d.user_id),
    'sidebars', (
      SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') FROM chat.sidebars s
      WHERE s.workspace_id = $1 AND s.user_id = $2),
    'activity_cursors', (
      SELECT coalesce(jsonb_agg(to_jsonb(a)), '[]') FROM chat.activity_cursors a
      WHERE a.workspace_id = $1 AND a.user_id = $2),
    'group_members', (
      SELECT coalesce(jsonb_agg(to_jsonb(g)), '[]') FROM chat.group_members g
      WHERE g.workspace_id = $1 AND g.user_id = $2 AND $3 = 'deactivated')
  )
  FROM chat.workspace_members w WHERE w.workspace_id = $1 AND w.user_id = $2
  RETURNING version`;
const REMOVE = `DELETE FROM chat.workspace_members WHERE workspace_id = $1 AND user_id = $2`;
const TAKE_FORMER = `
  DELETE FROM chat.former_members WHERE workspace_id = $1 AND user_id = $2
  RETURNING state, since, version, role, custom_role_id AS "customRoleId", joined_at AS "joinedAt", kept`;
const FORGET_KEPT = `UPDATE chat.former_members SET kept = '{}' WHERE user_id = $1`;
const LEAVE_DEACTIVATED = `
  UPDATE chat.former_members SET state = 'left', version = version + 1
  WHERE user_id = $1 AND state = 'deactivated' RETURNING workspace_id AS "workspaceId", version`;
const SET_VERSION = `UPDATE chat.workspace_members SET version = $3 WHERE workspace_id = $1 AND user_id = $2`;
const RETURNED_TO = `
  SELECT channel_id AS "channelId", role, last_read_seq::float8 AS "lastReadSeq"
  FROM chat.channel_members WHERE workspace_id = $1 AND user_id = $2 ORDER BY channel_id`;
const PERSON = `SELECT ${USER_COLUMNS} FROM chat.users u WHERE u.id = $1`;
const WORKSPACES_OF = `SELECT workspace_id AS id FROM chat.workspace_members WHERE user_id = $1 ORDER BY workspace_id`;

/** In the order they refer to each other, with what must still be there. */
const STILL_IN =
  'EXISTS (SELECT 1 FROM chat.channel_members m WHERE m.channel_id = k.channel_id AND m.user_id = k.user_id)';
const RESTORABLE = {
  channel_members: 'EXISTS (SELECT 1 FROM chat.channels c WHERE c.id = k.channel_id)',
  channel_preferences: STILL_IN,
  thread_members: `EXISTS (SELECT 1 FROM chat.threads t WHERE t.root_id = k.thread_id) AND ${STILL_IN}`,
  drafts: STILL_IN,
  sidebars: 'true',
  activity_cursors: 'true',
  group_members: `EXISTS (SELECT 1 FROM chat.groups g WHERE g.id = k.group_id) AND (
    SELECT count(*) FROM chat.group_members x WHERE x.group_id = k.group_id) < ${MAX_GROUP_MEMBERS}`,
};
type Kept = Partial<Record<keyof typeof RESTORABLE, Record<string, unknown>[]>>;
export type FormerRow = Former & {
  version: number;
  role: WorkspaceRole;
  customRoleId: RoleId | null;
  joinedAt: Date;
  kept: Kept;
};
export type NewMember = {
  workspaceId: WorkspaceId;
  userId: UserId;
  role: WorkspaceRole;
  customRoleId: RoleId | null;
  joinedAt: Date;
  version: number;
};

/** Changing who is in a workspace, and as what. */
@Injectable()
export class MembersRepository {
  /** False when the person is a member already. */
  async insert(tx: Tx, m: NewMember): Promise<boolean> {
    const values = [m.workspaceId, m.userId, m.role, m.customRoleId, m.joinedAt, m.version];
    return (await tx.query(INSERT, values)).length > 0;
  }

  async lock(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<TargetRow | null> {
    return (await tx.query<TargetRow>(TARGET, [workspaceId, userId]))[0] ?? null;
  }

  /** Returns the version of the membership. */
  async setRole(
    tx: Tx,
    workspaceId: WorkspaceId,
    userId: UserId,
    role: WorkspaceRole,
    customRoleId: RoleId | null,
  ): Promise<number> {
    const [row] = await tx.query<{ version: number }>(SET_ROLE, [workspaceId, userId, role, customRoleId]);
    return (row as { version: number }).version;
  }

  async countOwners(tx: Tx, workspaceId: WorkspaceId): Promise<number> {
    const [row] = await tx.query<{ owners: number }>(OWNERS, [workspaceId]);
    return row?.owners ?? 0;
  }

  /** Of how many channels, conversations aside, someone is a member. */
  async countRooms(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<number> {
    const [row] = await tx.query<{ rooms: number }>(ROOMS, [workspaceId, userId]);
    return row?.rooms ?? 0;
  }

  async customPermissions(
    tx: Tx,
    workspaceId: WorkspaceId,
    roleId: RoleId,
  ): Promise<readonly Permission[] | null> {
    const [row] = await tx.query<{ permissions: Permission[] }>(CUSTOM_ROLE, [workspaceId, roleId]);
    return row?.permissions ?? null;
  }

  /** Writes down among the former members who is about to go, and what is theirs. Returns the version. */
  async keep(
    tx: Tx,
    workspaceId: WorkspaceId,
    userId: UserId,
    state: FormerState,
    since: Date,
  ): Promise<number> {
    const [row] = await tx.query<{ version: number }>(KEEP, [workspaceId, userId, state, since]);
    return (row as { version: number }).version;
  }

  /** Out of all channels too (foreign keys). */
  async remove(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<void> {
    await tx.query(REMOVE, [workspaceId, userId]);
  }

  /** Takes someone out of the former members; `restore` puts back what was kept. */
  async takeFormer(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<FormerRow | null> {
    return (await tx.query<FormerRow>(TAKE_FORMER, [workspaceId, userId]))[0] ?? null;
  }

  /**
   * Puts back what was kept and is still possible; returns the channels the person is in then. Only columns
   * that were kept are named, so those that were added since get their defaults.
   */
  async restore(tx: Tx, workspaceId: WorkspaceId, userId: UserId, kept: Kept): Promise<ReturnedTo[]> {
    for (const [table, condition] of Object.entries(RESTORABLE)) {
      const rows = kept[table as keyof Kept] ?? [];
      if (!rows[0]) continue;
      const columns = Object.keys(rows[0])
        .map((column) => `"${column}"`)
        .join(', ');
      await tx.query(
        `INSERT INTO chat.${table} (${columns})
         SELECT ${columns} FROM jsonb_populate_recordset(NULL::chat.${table}, $1) k WHERE ${condition}
         ON CONFLICT DO NOTHING`,
        [JSON.stringify(rows)],
      );
    }
    return tx.query<ReturnedTo>(RETURNED_TO, [workspaceId, userId]);
  }

  /** There is no way back for an account that goes: nothing is kept, and where it was deactivated it left. */
  async leaveForGood(tx: Tx, userId: UserId): Promise<{ workspaceId: WorkspaceId; version: number }[]> {
    await tx.query(FORGET_KEPT, [userId]);
    return tx.query(LEAVE_DEACTIVATED, [userId]);
  }

  async setVersion(tx: Tx, workspaceId: WorkspaceId, userId: UserId, version: number): Promise<void> {
    await tx.query(SET_VERSION, [workspaceId, userId, version]);
  }

  async person(tx: Tx, userId: UserId): Promise<UserRow> {
    const [row] = await tx.query<UserRow>(PERSON, [userId]);
    return row as UserRow;
  }

  async workspacesOf(tx: Tx, userId: UserId): Promise<WorkspaceId[]> {
    return (await tx.query<{ id: WorkspaceId }>(WORKSPACES_OF, [userId])).map(({ id }) => id);
  }
}
