import type { Message, MessageId, ChannelId, ClientMessageId, UserId, WorkspaceId } from '#contracts';

export type MessageRow = {
  id: MessageId;
  workspaceId: WorkspaceId;
  channelId: ChannelId;
  senderId: UserId;
  clientMessageId: ClientMessageId;
  text: string;
  createdAt: Date;
  editedAt: Date | null;
  deletedAt: Date | null;
  seq: number;
};

export const presentMessage = (row: MessageRow): Message => ({
  id: row.id,
  workspaceId: row.workspaceId,
  channelId: row.channelId,
  senderId: row.senderId,
  clientMessageId: row.clientMessageId,
  text: row.text,
  createdAt: row.createdAt.toISOString(),
  editedAt: row.editedAt?.toISOString() ?? null,
  deletedAt: row.deletedAt?.toISOString() ?? null,
  seq: row.seq,
});

/** The author, and whoever moderates, may delete; nobody else. */
export const mayDelete = (
  message: Pick<MessageRow, 'senderId'>,
  userId: UserId,
  moderator: boolean,
): boolean => moderator || message.senderId === userId;
