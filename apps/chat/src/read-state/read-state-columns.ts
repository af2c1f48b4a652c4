import type { ReadState } from '#contracts';

/** What a member has read; null arrays are empty ones, which most are. */
export type ReadStateRow = {
  [Key in keyof ReadState]: ReadState[Key] extends number ? number : ReadState[Key] | null;
};

/**
 * The groups that call a person when they are mentioned, from two SQL expressions. Parameters make Postgres
 * look once for a whole statement, columns once for each row.
 */
export const groupsOf = (workspaceId: string, userId: string): string => `ARRAY(
  SELECT y.group_id FROM chat.group_members y JOIN chat.groups z ON z.id = y.group_id
  WHERE y.workspace_id = ${workspaceId} AND y.user_id = ${userId} AND NOT z.disabled)`;

/** Messages after the cursor of a member that are gone; `m` is their chat.channel_members, `c` the channel. */
export const REMOVED_AFTER = `
  SELECT r.seq FROM chat.messages r
  WHERE r.channel_id = c.id AND r.seq > m.last_read_seq AND r.in_channel AND r.deleted_at IS NOT NULL`;

/** Messages after the cursor that call the member or one of `groups`; once for each way in which they do. */
export const mentionsAfter = (groups: string): string => `
  SELECT x.seq FROM chat.message_mentions x
  WHERE x.target_id = ANY (ARRAY[m.user_id, c.id] || ${groups}) AND x.channel_id = c.id AND x.seq > m.last_read_seq
    AND x.in_channel AND x.sender_id <> m.user_id`;

/** What a member has read; `m` is their chat.channel_members, `c` the channel. */
export const readStateColumns = (groups: string): string => `
  m.last_read_seq::float8 AS "lastReadSeq", m.last_read_ordinal::float8 AS "lastReadOrdinal",
  m.cursor_version AS "cursorVersion", m.moved_at_seq::float8 AS "movedAtSeq",
  CASE WHEN c.last_seq > m.last_read_seq THEN
    (SELECT json_agg(r.seq ORDER BY r.seq) FROM (${REMOVED_AFTER}) r) END AS "removedSeqs",
  CASE WHEN c.last_seq > m.last_read_seq THEN
    (SELECT json_agg(DISTINCT x.seq ORDER BY x.seq) FROM (${mentionsAfter(groups)}) x) END AS "mentionSeqs"`;

export const presentReadState = (row: ReadStateRow): ReadState => ({
  lastReadSeq: row.lastReadSeq,
  lastReadOrdinal: row.lastReadOrdinal,
  cursorVersion: row.cursorVersion,
  movedAtSeq: row.movedAtSeq,
  removedSeqs: row.removedSeqs ?? [],
  mentionSeqs: row.mentionSeqs ?? [],
});
