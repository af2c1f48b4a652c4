/** How a message row is selected; `m` is chat.messages. */
export const MESSAGE_COLUMNS = `
  m.id, m.workspace_id AS "workspaceId", m.channel_id AS "channelId", m.sender_id AS "senderId",
  m.client_message_id AS "clientMessageId", m.text, m.created_at AS "createdAt", m.edited_at AS "editedAt",
  m.deleted_at AS "deletedAt", m.seq::float8 AS seq`;
