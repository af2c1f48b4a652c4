import type {
  ChannelId,
  ChannelKind,
  ChannelPreferences,
  ChannelRole,
  UserId,
  WorkspaceId,
  WorkspaceRole,
} from '#contracts';

export type ChannelRow = {
  id: ChannelId;
  workspaceId: WorkspaceId;
  kind: ChannelKind;
  name: string | null;
  topic: string;
  createdBy: UserId;
  createdAt: Date;
  archivedAt: Date | null;
  lastSeq: number;
  /** The sorted user ids of a direct conversation, joined by commas. */
  directKey: string | null;
};

export type ChannelAccess = ChannelRow & {
  workspaceRole: WorkspaceRole;
  /** Null for those who may look (public channel) but have not joined. */
  channelRole: ChannelRole | null;
  lastReadSeq: number | null;
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
  c.direct_key AS "directKey"`;

/** How someone's membership of a channel is selected; `m` is chat.channel_members. */
export const MEMBERSHIP_COLUMNS = `
  m.role AS "channelRole", m.last_read_seq::float8 AS "lastReadSeq", (
    SELECT jsonb_build_object('muted', p.muted, 'favourite', p.favourite, 'level', p.level,
      'hiddenSince', p.hidden_since, 'version', p.version)
    FROM chat.channel_preferences p WHERE p.channel_id = m.channel_id AND p.user_id = m.user_id
  ) AS preferences`;
