import { Injectable } from '@nestjs/common';
import type { BrowseChannels, ChannelId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement } from '#db';
import { CHANNEL_COLUMNS } from '../access/channel-row.js';
import { groupsOf, readStateColumns } from '../read-state/read-state-columns.js';
import type { ListedChannelRow } from './listed-channel.js';
import type { DirectoryKey, DirectorySort } from './directory-page.js';

type Order = { key: string; type: string; direction: 'ASC' | 'DESC'; beyond: '<' | '>' };
const orders: Record<DirectorySort, Order> = {
  name: { key: `coalesce(c.name, '')`, type: 'text', direction: 'ASC', beyond: '>' },
  members: { key: 'c.member_count', type: 'integer', direction: 'DESC', beyond: '<' },
  recent: { key: 'c.created_at', type: 'timestamptz', direction: 'DESC', beyond: '<' },
};
const LISTED = `${CHANNEL_COLUMNS}, c.member_count AS "memberCount", m.role, ${readStateColumns(groupsOf('m.workspace_id', 'm.user_id'))}`;
const GUEST = `(SELECT role FROM me) IN ('guest', 'single_channel_guest')`;

/**
 * One page of what a person may see: the public channels in the order of an index, and among the person's
 * own those that are not public (for guests all of them). Neither part reads more than a page, so other
 * people's private channels cost nothing. `$1` workspace, `$2` person, `$3`, `$4` the last key, `$5` limit,
 * `$6` archived, `$7` kind, `$8` pattern.
 */
const browse = (sort: DirectorySort, found: 'all' | 'found'): Statement => {
  const { key, type, direction, beyond } = orders[sort];
  // The index has the bare column: public channels all have names.
  const publicKey = sort === 'name' ? 'c.name' : key;
  const words = (of: string) => (found === 'found' ? `AND ${of} LIKE $8::text` : 'AND $8::text IS NULL');
  const range = (of: string) => `(${of}, c.id) ${beyond} ($3::${type}, $4::uuid)
        ORDER BY ${of} ${direction}, c.id ${direction} LIMIT $5`;
  return {
    name: `channels_browse_${sort}_${found}`,
    text: `
    WITH me AS MATERIALIZED (
      SELECT role FROM chat.workspace_members WHERE workspace_id = $1 AND user_id = $2
    ), page AS (
      (SELECT c.id, ${publicKey} AS key FROM chat.channels c
        WHERE c.workspace_id = $1 AND c.kind = 'public' AND coalesce($7::text, 'public') = 'public' AND NOT ${GUEST}
          AND (c.archived_at IS NOT NULL) = $6 ${words(`lower(c.name || ' ' || c.topic)`)}
          AND ${range(publicKey)})
      UNION ALL
      (SELECT c.id, ${key} AS key FROM chat.channel_members m JOIN chat.channels c ON c.id = m.channel_id
        WHERE m.user_id = $2 AND m.workspace_id = $1 AND (c.kind <> 'public' OR ${GUEST})
          AND CASE WHEN $7::text IS NULL THEN c.kind <> 'direct' ELSE c.kind = $7 END
          AND (c.archived_at IS NOT NULL) = $6 ${words(`lower(coalesce(c.name, '') || ' ' || c.topic)`)}
          AND ${range(key)})
    )
    SELECT ${LISTED}
    FROM page p
    JOIN chat.channels c ON c.id = p.id
    LEFT JOIN chat.channel_members m ON m.channel_id = c.id AND m.user_id = $2
    ORDER BY p.key ${direction}, p.id ${direction} LIMIT $5`,
  };
};
const sorts = Object.keys(orders) as DirectorySort[];
const ALL = Object.fromEntries(sorts.map((sort) => [sort, browse(sort, 'all')]));
const FOUND = Object.fromEntries(sorts.map((sort) => [sort, browse(sort, 'found')]));
export const browseStatements: readonly Statement[] = [...Object.values(ALL), ...Object.values(FOUND)];

/** Of a channel that the reader may see. */
const ONE: Statement = {
  name: 'channels_listed',
  text: `
    SELECT ${LISTED} FROM chat.channels c
    LEFT JOIN chat.channel_members m ON m.channel_id = c.id AND m.user_id = $2
    WHERE c.id = $1`,
};

/** All SQL that lists channels to choose from. */
@Injectable()
export class ChannelDirectoryRepository {
  constructor(private readonly database: Database) {}

  page(
    workspaceId: WorkspaceId,
    userId: UserId,
    after: DirectoryKey,
    { sort, archived, kind }: BrowseChannels,
    pattern: string | null,
    limit: number,
  ): Promise<ListedChannelRow[]> {
    const statement = (pattern === null ? ALL : FOUND)[sort] as Statement;
    const filters = [archived === 'true', kind ?? null, pattern];
    return this.database.run<ListedChannelRow>(statement, [workspaceId, userId, ...after, limit, ...filters]);
  }

  async find(channelId: ChannelId, userId: UserId): Promise<ListedChannelRow | null> {
    return (await this.database.run<ListedChannelRow>(ONE, [channelId, userId]))[0] ?? null;
  }
}
