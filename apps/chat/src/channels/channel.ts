import type { Channel, ChannelId, ChannelRole, UserId } from '#contracts';
import type { ChannelRow } from '../access/access.service.js';

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

/** A membership that was put back. */
export type ReturnedTo = { channelId: ChannelId; role: ChannelRole; lastReadSeq: number };
