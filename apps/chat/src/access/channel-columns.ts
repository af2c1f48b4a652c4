/** How a channel row is selected; `c` is chat.channels. */
export const CHANNEL_COLUMNS = `
  c.id, c.workspace_id AS "workspaceId", c.kind, c.name, c.topic, c.created_by AS "createdBy",
  c.created_at AS "createdAt", c.archived_at AS "archivedAt", c.last_seq::float8 AS "lastSeq",
  c.direct_key AS "directKey"`;
