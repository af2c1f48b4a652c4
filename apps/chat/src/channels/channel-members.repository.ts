import { Injectable } from '@nestjs/common';
import type { ChannelId, ChannelMember, ChannelRole, UserId, WorkspaceId, WorkspaceRole } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { presentUser } from '../accounts/account.js';
import { USER_COLUMNS, type UserRow } from '../accounts/user-row.js';
import { NEXT_MEMBERSHIP_VERSION } from '../access/channel-row.js';
import type { Candidate } from './channel-rules.js';

export type MemberRow = UserRow & { role: ChannelRole; roleVersion: number; joinedAt: Date };
/** A channel of somebody; `isLast` when it is private and they are the only person in it. */
export type OwnChannel = { id: ChannelId; isAdmin: boolean; isLast: boolean };
export type PersonRow = UserRow & { workspaceRole: WorkspaceRole };

export const presentMember = (row: MemberRow, now: Date): ChannelMember => ({
  user: presentUser(row, now),
  role: row.role,
  roleVersion: row.roleVersion,
  joinedAt: row.joinedAt.toISOString(),
});

const MEMBER_COLUMNS = `${USER_COLUMNS}, m.role, m.role_version AS "roleVersion", m.joined_at AS "joinedAt"`;
const MEMBERS: Statement = {
  name: 'channel_members_page',
  text: `
    SELECT ${MEMBER_COLUMNS}
    FROM chat.channel_members m JOIN chat.users u ON u.id = m.user_id
    WHERE m.channel_id = $1 AND (m.joined_at, m.user_id) > ($2::timestamptz, $3::uuid)
    ORDER BY m.joined_at, m.user_id LIMIT $4`,
};
const SOME = `
  SELECT ${MEMBER_COLUMNS}, w.role AS "workspaceRole"
  FROM chat.channel_members m
  JOIN chat.users u ON u.id = m.user_id
  JOIN chat.workspace_members w ON w.workspace_id = m.workspace_id AND w.user_id = m.user_id
  WHERE m.channel_id = $1 AND m.user_id = ANY($2::uuid[])`;
const ALL_IDS = `
  SELECT m.user_id AS id FROM chat.channel_members m JOIN chat.users u ON u.id = m.user_id AND u.kind = 'user'
  WHERE m.channel_id = $1`;
/** Locked in id order: people are held before the channel, as when they leave the workspace. */
const LOCK_PEOPLE = `
  SELECT ${USER_COLUMNS}, w.role AS "workspaceRole"
  FROM chat.workspace_members w JOIN chat.users u ON u.id = w.user_id
  WHERE w.workspace_id = $1 AND w.user_id = ANY($2::uuid[]) ORDER BY w.user_id FOR NO KEY UPDATE OF w`;
const REMOVE = `DELETE FROM chat.channel_members WHERE channel_id = $1 AND user_id = $2 RETURNING role`;
const SET_ROLE = `
  UPDATE chat.channel_members SET role = $3, role_version = role_version + 1 WHERE channel_id = $1 AND user_id = $2`;
const CANDIDATE = `m.user_id AS "userId", m.role, w.role AS "workspaceRole", m.joined_at AS "joinedAt"
  FROM chat.channel_members m
  JOIN chat.workspace_members w ON w.workspace_id = m.workspace_id AND w.user_id = m.user_id
  WHERE m.channel_id = $1 AND m.user_id <> $2`;
/** Enough to know who takes over: all admins, and of those who could be the one who is there longest. */
const CANDIDATES = `
  (SELECT ${CANDIDATE} AND m.role = 'admin')
  UNION
  (SELECT ${CANDIDATE} AND w.role IN ('owner', 'admin', 'member') ORDER BY m.joined_at, m.user_id LIMIT 1)`;
/** All channels of someone, locked in id order, and whether they are an admin there, or the last one. */
const LOCK_OWN = `
  SELECT c.id, c.kind = 'private' AND c.member_count = 1 AS "isLast", EXISTS (
    SELECT 1 FROM chat.channel_members m WHERE m.channel_id = c.id AND m.user_id = $2 AND m.role = 'admin'
  ) AS "isAdmin"
  FROM chat.channels c
  WHERE c.id IN (SELECT m.channel_id FROM chat.channel_members m WHERE m.workspace_id = $1 AND m.user_id = $2)
  ORDER BY c.id FOR NO KEY UPDATE OF c`;
const DESERTED = `SELECT 1 FROM chat.channels WHERE id = $1 AND kind = 'private' AND member_count = 0`;
const ROOMS = `
  SELECT DISTINCT m.user_id AS id FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
  WHERE m.workspace_id = $1 AND m.user_id = ANY($2::uuid[]) AND c.id <> $3 AND c.kind IN ('public', 'private')`;

/** All SQL on who is in a channel. */
@Injectable()
export class ChannelMembersRepository {
  constructor(private readonly database: Database) {}

  page(channelId: ChannelId, after: readonly [string, string], limit: number): Promise<MemberRow[]> {
    return this.database.run<MemberRow>(MEMBERS, [channelId, ...after, limit]);
  }

  some(
    tx: Tx,
    channelId: ChannelId,
    userIds: readonly UserId[],
  ): Promise<(MemberRow & { workspaceRole: WorkspaceRole })[]> {
    return tx.query(SOME, [channelId, userIds]);
  }

  /** Bots are left out. */
  async allIds(tx: Tx, channelId: ChannelId): Promise<UserId[]> {
    return (await tx.query<{ id: UserId }>(ALL_IDS, [channelId])).map(({ id }) => id);
  }

  lockPeople(tx: Tx, workspaceId: WorkspaceId, userIds: readonly UserId[]): Promise<PersonRow[]> {
    return tx.query(LOCK_PEOPLE, [workspaceId, userIds]);
  }

  /** Those of `userIds` who are in another channel that is not a conversation. */
  async inOtherRooms(
    tx: Tx,
    workspaceId: WorkspaceId,
    userIds: readonly UserId[],
    channelId: ChannelId,
  ): Promise<UserId[]> {
    return (await tx.query<{ id: UserId }>(ROOMS, [workspaceId, userIds, channelId])).map(({ id }) => id);
  }

  /** The role that ended; null when the person was not in. */
  async remove(tx: Tx, channelId: ChannelId, userId: UserId): Promise<ChannelRole | null> {
    return (await tx.query<{ role: ChannelRole }>(REMOVE, [channelId, userId]))[0]?.role ?? null;
  }

  /** Of what has just become of memberships of channels. */
  async nextVersion(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ version: number }>(NEXT_MEMBERSHIP_VERSION);
    return (row as { version: number }).version;
  }

  async setRole(tx: Tx, channelId: ChannelId, userId: UserId, role: ChannelRole): Promise<void> {
    await tx.query(SET_ROLE, [channelId, userId, role]);
  }

  /** Enough to know who takes over from `leaverId`. */
  candidates(tx: Tx, channelId: ChannelId, leaverId: UserId): Promise<Candidate[]> {
    return tx.query(CANDIDATES, [channelId, leaverId]);
  }

  /** A private channel in which nobody is left; bots are no people. */
  async isDeserted(tx: Tx, channelId: ChannelId): Promise<boolean> {
    return (await tx.query(DESERTED, [channelId])).length > 0;
  }

  /** The channels of someone; all of them are held, as leaving the workspace will do. */
  lockOwn(tx: Tx, workspaceId: WorkspaceId, userId: UserId): Promise<OwnChannel[]> {
    return tx.query(LOCK_OWN, [workspaceId, userId]);
  }
}
