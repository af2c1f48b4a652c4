import { noChannelPreferences, type ChannelPreferences, type ChannelRole, type MyChannel } from '#contracts';
import { CHANNEL_COLUMNS, type ChannelRow } from '../access/channel-row.js';
import { presentReadState, readStateColumns, type ReadStateRow } from '../read-state/read-state-columns.js';
import { presentChannel } from './channel.js';

export type MyChannelRow = ChannelRow &
  ReadStateRow & {
    role: ChannelRole;
    roleVersion: number;
    /** Null for none, which is what most have. */
    preferences: ChannelPreferences | null;
  };

/** What a person wants of a channel; `m` is their chat.channel_members. */
export const PREFERENCES = `(
    SELECT json_build_object('muted', p.muted, 'favourite', p.favourite, 'level', p.level,
      'hiddenSince', p.hidden_since, 'version', p.version)
    FROM chat.channel_preferences p WHERE p.channel_id = m.channel_id AND p.user_id = m.user_id
  )`;

/** A channel as its member has it; `c` is chat.channels, `m` their chat.channel_members. */
export const myChannelColumns = (groups: string): string => `${CHANNEL_COLUMNS}, m.role,
  m.role_version AS "roleVersion", ${readStateColumns(groups)}, ${PREFERENCES} AS preferences`;

export const presentMyChannel = (row: MyChannelRow): MyChannel => ({
  channel: presentChannel(row),
  role: row.role,
  roleVersion: row.roleVersion,
  ...presentReadState(row),
  preferences: row.preferences ?? noChannelPreferences,
});
