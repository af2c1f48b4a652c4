import {
  noChannelPreferences,
  type Channel,
  type ListedChannel,
  type MyChannel,
  type UserId,
} from '#contracts';
import type { ChannelAccess, ChannelRow } from '../access/access.service.js';

/** The same people always make the same key, whoever opens the conversation. */
export const directKeyOf = (userIds: readonly UserId[]): string => [...new Set(userIds)].sort().join(',');

export const presentChannel = (row: ChannelRow): Channel => ({
  id: row.id,
  workspaceId: row.workspaceId,
  kind: row.kind,
  name: row.name,
  topic: row.topic,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  archivedAt: row.archivedAt?.toISOString() ?? null,
  lastSeq: row.lastSeq,
  directUserIds: row.directKey === null ? null : (row.directKey.split(',') as UserId[]),
});

export const presentMyChannel = (row: ChannelAccess): MyChannel => ({
  channel: presentChannel(row),
  role: row.channelRole ?? 'member',
  lastReadSeq: row.lastReadSeq ?? 0,
  preferences: row.preferences ?? noChannelPreferences,
});

export const presentListedChannel = (row: ChannelAccess): ListedChannel => ({
  channel: presentChannel(row),
  membership: row.channelRole === null ? null : { role: row.channelRole, lastReadSeq: row.lastReadSeq ?? 0 },
});
