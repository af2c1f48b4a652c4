import type {
  ChannelId,
  ChannelKind,
  ChannelPreferences,
  ChannelRole,
  ReadState,
  UserId,
  WorkspaceId,
} from '#contracts';
import type { Standing } from './permission.js';

export type ChannelRow = {
  id: ChannelId;
  workspaceId: WorkspaceId;
  kind: ChannelKind;
  name: string | null;
  topic: string;
  createdBy: UserId;
  createdAt: Date;
  archivedAt: Date | null;
  description: string;
  isDefault: boolean;
  posting: 'everyone' | 'admins';
  slowModeSeconds: number;
  version: number;
  lastSeq: number;
  lastOrdinal: number;
  /** The sorted user ids of a direct conversation, joined by commas. */
  directKey: string | null;
};

export type ChannelAccess = ChannelRow &
  Standing & {
    /** Null for those who may look (public channel) but have not joined. */
    channelRole: ChannelRole | null;
    /** Null for those who have not joined. */
    roleVersion: number | null;
    /** People in it, without bots. */
    memberCount: number;
    /** Null for those who have not joined. */
    readState: ReadState | null;
    /** Null for none, which is what most have. */
    preferences: ChannelPreferences | null;
  };

/**
 * Whether a row of chat.channels `c` may be read by the member of the workspace `w` whose membership in it (or
 * nulls) is `m`: joined channels, and for all but guests the public ones.
 */
export const readableBy = (m = 'm'): string =>
  `(${m}.user_id IS NOT NULL OR (c.kind = 'public' AND w.role NOT IN ('guest', 'single_channel_guest')))`;

/** How a channel row is selected; `c` is chat.channels. */
export const CHANNEL_COLUMNS = `
  c.id, c.workspace_id AS "workspaceId", c.kind, c.name, c.topic, c.created_by AS "createdBy",
  c.created_at AS "createdAt", c.archived_at AS "archivedAt", c.last_seq::float8 AS "lastSeq",
  c.last_ordinal::float8 AS "lastOrdinal", c.direct_key AS "directKey", c.description, c.is_default AS "isDefault", c.posting,
  c.slow_mode_seconds AS "slowModeSeconds", c.version`;

/** Messages after the cursor of a member that are gone; `m` is their chat.channel_members, `c` the channel. */
export const REMOVED_AFTER = `
  SELECT r.seq FROM chat.messages r
  WHERE r.channel_id = c.id AND r.seq > m.last_read_seq AND r.in_channel AND r.deleted_at IS NOT NULL`;
/** The groups that call `m`, a member of a channel or thread, when they are mentioned. */
export const groupsOf = (m: string): string => `ARRAY(
  SELECT y.group_id FROM chat.group_members y JOIN chat.groups z ON z.id = y.group_id
  WHERE y.workspace_id = ${m}.workspace_id AND y.user_id = ${m}.user_id AND NOT z.disabled)`;
/** Messages after the cursor that call the member. */
export const MENTIONS_AFTER = `
  SELECT DISTINCT x.seq FROM chat.message_mentions x
  WHERE x.target_id = ANY (ARRAY[m.user_id, c.id] || ${groupsOf('m')}) AND x.channel_id = c.id AND x.seq > m.last_read_seq
    AND x.in_channel AND x.sender_id <> m.user_id`;

/** What a member has read; `m` is their chat.channel_members, `c` the channel. */
export const READ_STATE = `
  CASE WHEN m.user_id IS NOT NULL THEN json_build_object(
    'lastReadSeq', m.last_read_seq, 'lastReadOrdinal', m.last_read_ordinal,
    'cursorVersion', m.cursor_version, 'movedAtSeq', m.moved_at_seq,
    'removedSeqs', CASE WHEN c.last_seq > m.last_read_seq THEN ARRAY(${REMOVED_AFTER} ORDER BY r.seq) ELSE '{}' END,
    'mentionSeqs', CASE WHEN c.last_seq > m.last_read_seq THEN ARRAY(${MENTIONS_AFTER} ORDER BY x.seq) ELSE '{}' END
  ) END AS "readState"`;

const PREFERENCES = `(
    SELECT jsonb_build_object('muted', p.muted, 'favourite', p.favourite, 'level', p.level,
      'hiddenSince', p.hidden_since, 'version', p.version)
    FROM chat.channel_preferences p WHERE p.channel_id = m.channel_id AND p.user_id = m.user_id
  )`;

/** A channel as somebody may see it; `w` is their chat.workspace_members, `m` their chat.channel_members. */
export const ACCESS_COLUMNS = `${CHANNEL_COLUMNS}, w.role AS "workspaceRole", m.role AS "channelRole",
  m.role_version AS "roleVersion", c.member_count AS "memberCount",
  ${READ_STATE}, ${PREFERENCES} AS preferences`;
