import {
  noChannelPreferences,
  type Channel,
  type ListedChannel,
  type MyChannel,
  type ReadState,
  type UserId,
  type ChannelId,
  type ChannelRole,
} from '#contracts';
import type { ChannelAccess, ChannelRow } from '../access/access.service.js';

/** The same people always make the same key, whoever opens the conversation. */
export const directKeyOf = (userIds: readonly UserId[]): string => [...new Set(userIds)].sort().join(',');

/** The people of a conversation; nobody for other kinds. */
export const directUserIdsOf = ({ directKey }: Pick<ChannelRow, 'directKey'>): UserId[] =>
  directKey === null ? [] : (directKey.split(',') as UserId[]);

export const presentChannel = (row: ChannelRow): Channel => ({
  id: row.id,
  workspaceId: row.workspaceId,
  kind: row.kind,
  name: row.name,
  topic: row.topic,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  archivedAt: row.archivedAt?.toISOString() ?? null,
  description: row.description,
  isDefault: row.isDefault,
  posting: row.posting,
  slowModeSeconds: row.slowModeSeconds,
  version: row.version,
  lastSeq: row.lastSeq,
  lastOrdinal: row.lastOrdinal,
  directUserIds: row.directKey === null ? null : directUserIdsOf(row),
});

/** Where reading starts. */
export const unread: ReadState = {
  lastReadSeq: 0,
  lastReadOrdinal: 0,
  cursorVersion: 0,
  movedAtSeq: 0,
  removedSeqs: [],
  mentionSeqs: [],
};

export const presentMyChannel = (row: ChannelAccess): MyChannel => ({
  channel: presentChannel(row),
  role: row.channelRole ?? 'member',
  roleVersion: row.roleVersion ?? 1,
  ...(row.readState ?? unread),
  preferences: row.preferences ?? noChannelPreferences,
});

export const presentListedChannel = (row: ChannelAccess): ListedChannel => ({
  channel: presentChannel(row),
  membership: row.channelRole && row.readState ? { role: row.channelRole, ...row.readState } : null,
  memberCount: row.memberCount,
});

/** A membership that was put back. */
export type ReturnedTo = { channelId: ChannelId; role: ChannelRole; lastReadSeq: number };
