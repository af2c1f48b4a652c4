import type { ChannelRole, ListedChannel } from '#contracts';
import type { ChannelRow } from '../access/access.service.js';
import { presentChannel } from '../channels/channel.js';
import { presentReadState, type ReadStateRow } from '../read-state/read-state-columns.js';

/** The role is null for those who have not joined; they have read nothing. */
export type ListedChannelRow = ChannelRow & ReadStateRow & { memberCount: number; role: ChannelRole | null };

export const presentListedChannel = (row: ListedChannelRow): ListedChannel => ({
  channel: presentChannel(row),
  membership: row.role && { role: row.role, ...presentReadState(row) },
  memberCount: row.memberCount,
});
