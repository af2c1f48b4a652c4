import { Injectable } from '@nestjs/common';
import type { FormerState, UserId, WorkspaceId, WorkspaceRole } from '#contracts';
import { Database, type Statement } from '#db';
import { USER_COLUMNS } from '../accounts/user-row.js';
import type { MemberRow } from './member.js';

const PERSON = `${USER_COLUMNS}, w.role, w.custom_role_id AS "customRoleId", w.joined_at AS "joinedAt", w.name_key AS "nameKey"`;
export const MEMBER_COLUMNS = `${PERSON}, NULL AS state, NULL AS since`;
const FORMER_COLUMNS = `${PERSON}, w.state, w.since`;

/** `$2`, `$3`: after whom; `$4`: how many; `$5`: how the name begins. In the order of an index of `w`. */
const PAGE = `
  AND (w.name_key, w.user_id) > ($2::text, $3::uuid)
  AND w.name_key >= chat.name_key($5) AND w.name_key < chat.name_key($5) || chr(1114111)
  ORDER BY w.name_key, w.user_id LIMIT $4`;

const ALL: Statement = {
  name: 'members_all',
  text: `
    SELECT ${MEMBER_COLUMNS} FROM chat.workspace_members w JOIN chat.users u ON u.id = w.user_id
    WHERE w.workspace_id = $1 ${PAGE}`,
};
const OF_ROLE: Statement = {
  name: 'members_of_role',
  text: `
    SELECT ${MEMBER_COLUMNS} FROM chat.workspace_members w JOIN chat.users u ON u.id = w.user_id
    WHERE w.workspace_id = $1 AND w.role = $6 ${PAGE}`,
};
const FORMER: Statement = {
  name: 'members_former',
  text: `
    SELECT ${FORMER_COLUMNS} FROM chat.former_members w JOIN chat.users u ON u.id = w.user_id
    WHERE w.workspace_id = $1 AND w.state = $6 AND ($7::text IS NULL OR w.role = $7) ${PAGE}`,
};
/** Whom a guest knows: the people of their channels, themselves included. */
const KNOWN: Statement = {
  name: 'members_known',
  text: `
    SELECT ${MEMBER_COLUMNS}
    FROM (
      SELECT DISTINCT theirs.user_id FROM chat.channel_members mine
      JOIN chat.channel_members theirs ON theirs.channel_id = mine.channel_id
      WHERE mine.user_id = $6 AND mine.workspace_id = $1
      UNION SELECT $6
    ) known
    JOIN chat.workspace_members w ON w.workspace_id = $1 AND w.user_id = known.user_id
    JOIN chat.users u ON u.id = w.user_id
    WHERE ($7::text IS NULL OR w.role = $7) ${PAGE}`,
};
const ONE: Statement = {
  name: 'members_one',
  text: `
    SELECT ${MEMBER_COLUMNS} FROM chat.workspace_members w JOIN chat.users u ON u.id = w.user_id
    WHERE w.workspace_id = $1 AND w.user_id = $2
    UNION ALL
    SELECT ${FORMER_COLUMNS} FROM chat.former_members w JOIN chat.users u ON u.id = w.user_id
    WHERE w.workspace_id = $1 AND w.user_id = $2`,
};
const SHARE_CHANNEL: Statement = {
  name: 'members_share_channel',
  text: `
    SELECT 1 FROM chat.channel_members mine
    JOIN chat.channel_members theirs ON theirs.channel_id = mine.channel_id AND theirs.user_id = $3
    WHERE mine.user_id = $2 AND mine.workspace_id = $1 LIMIT 1`,
};

const AMONG: Statement = {
  name: 'members_among',
  text: `
    SELECT w.user_id AS id FROM chat.workspace_members w
    WHERE w.workspace_id = $1 AND w.user_id = ANY ($2::uuid[])`,
};
/** Each of them is looked up in the channels of the one who asks, who is a guest and has few. */
const KNOWN_AMONG: Statement = {
  name: 'members_known_among',
  text: `
    SELECT w.user_id AS id FROM chat.workspace_members w
    WHERE w.workspace_id = $1 AND w.user_id = ANY ($2::uuid[]) AND (w.user_id = $3 OR EXISTS (
      SELECT 1 FROM chat.channel_members mine
      JOIN chat.channel_members theirs ON theirs.channel_id = mine.channel_id AND theirs.user_id = w.user_id
      WHERE mine.user_id = $3 AND mine.workspace_id = $1))`,
};

export type MemberFilter = {
  state: 'active' | FormerState;
  role: WorkspaceRole | undefined;
  /** How the name begins. */
  prefix: string;
  after: readonly [string, string];
  limit: number;
};

/** Reading who is, and who was, in a workspace. */
@Injectable()
export class MembersListRepository {
  constructor(private readonly database: Database) {}

  list(workspaceId: WorkspaceId, filter: MemberFilter): Promise<MemberRow[]> {
    const page = [workspaceId, ...filter.after, filter.limit, filter.prefix];
    if (filter.state !== 'active')
      return this.database.run<MemberRow>(FORMER, [...page, filter.state, filter.role ?? null]);
    return filter.role
      ? this.database.run<MemberRow>(OF_ROLE, [...page, filter.role])
      : this.database.run<MemberRow>(ALL, page);
  }

  listKnownTo(userId: UserId, workspaceId: WorkspaceId, filter: MemberFilter): Promise<MemberRow[]> {
    const page = [workspaceId, ...filter.after, filter.limit, filter.prefix];
    return this.database.run<MemberRow>(KNOWN, [...page, userId, filter.role ?? null]);
  }

  async find(workspaceId: WorkspaceId, userId: UserId): Promise<MemberRow | null> {
    const [row] = await this.database.run<MemberRow>(ONE, [workspaceId, userId]);
    return row ?? null;
  }

  async shareChannel(workspaceId: WorkspaceId, one: UserId, other: UserId): Promise<boolean> {
    return (await this.database.run(SHARE_CHANNEL, [workspaceId, one, other])).length > 0;
  }

  /** Those of the others who are in the workspace. */
  async among(workspaceId: WorkspaceId, others: readonly UserId[]): Promise<UserId[]> {
    const rows = await this.database.run<{ id: UserId }>(AMONG, [workspaceId, others]);
    return rows.map(({ id }) => id);
  }

  /** Those of them who share a channel with somebody, who is one of them. */
  async knownAmong(workspaceId: WorkspaceId, userId: UserId, others: readonly UserId[]): Promise<UserId[]> {
    const rows = await this.database.run<{ id: UserId }>(KNOWN_AMONG, [workspaceId, others, userId]);
    return rows.map(({ id }) => id);
  }
}
