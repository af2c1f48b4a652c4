import type { ChannelId, ChannelKind, ChannelRole, UserId, WorkspaceId } from '#contracts';
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

/** A channel as somebody may see it; `w` is their chat.workspace_members, `m` their chat.channel_members. */
export const ACCESS_COLUMNS = `${CHANNEL_COLUMNS}, w.role AS "workspaceRole", m.role AS "channelRole",
  m.role_version AS "roleVersion", c.member_count AS "memberCount"`;

/**
 * The version of a change of who is in a channel: drawn after the change and before the end of its transaction,
 * so that whoever has to wait for that draws a higher one.
 */
export const NEXT_MEMBERSHIP_VERSION = `SELECT nextval('chat.membership_versions')::float8 AS version`;
