import type {
  ChannelId,
  ClientMessageId,
  ForwardedMessage,
  LinkPreview,
  Mention,
  Message,
  MessageId,
  PollDefinition,
  Reaction,
  ThreadSummary,
  UserId,
  WorkspaceId,
} from '#contracts';
import { tally, type Votes } from './poll.js';

/** What other tables hold of a message. */
type Attached = {
  thread: ThreadSummary | null;
  reactions: Reaction[] | null;
  votes: Votes | null;
  previews: LinkPreview[] | null;
};

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
  version: number;
  threadId: MessageId | null;
  inChannel: boolean;
  mentions: Mention[] | null;
  forwarded: ForwardedMessage | null;
  poll: PollDefinition | null;
  movedTo: { channelId: ChannelId; messageId: MessageId } | null;
  pinnedBy: UserId | null;
  pinnedAt: Date | null;
  attached: Attached | null;
  ordinal: number | null;
  seq: number;
};

/** The parts that not every message has, as far as it has them. */
const extras = (row: MessageRow): Partial<Message> => {
  const { thread, reactions, votes, previews } = row.attached ?? {};
  return {
    ...(row.threadId ? { threadId: row.threadId, inChannel: row.inChannel } : {}),
    ...(row.mentions?.length ? { mentions: row.mentions } : {}),
    ...(row.forwarded ? { forwarded: row.forwarded } : {}),
    ...(row.poll ? { poll: tally(row.poll, votes ?? null) } : {}),
    ...(row.movedTo ? { movedTo: row.movedTo } : {}),
    ...(row.pinnedBy && row.pinnedAt
      ? { pinned: { userId: row.pinnedBy, at: row.pinnedAt.toISOString() } }
      : {}),
    ...(reactions?.length ? { reactions } : {}),
    ...(previews?.length ? { previews } : {}),
    // Followed before its first reply, or all replies gone: there is a thread, but nothing to tell of it.
    ...(thread && thread.replyCount > 0 ? { thread } : {}),
    ...(row.ordinal === null ? {} : { ordinal: row.ordinal }),
  };
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
  version: row.version,
  ...extras(row),
  seq: row.seq,
});

/** The author, and whoever moderates, may delete; nobody else. */
export const mayDelete = (
  message: Pick<MessageRow, 'senderId'>,
  userId: UserId,
  moderator: boolean,
): boolean => moderator || message.senderId === userId;

/** What somebody passes on: the message itself, or what it passes on when it says nothing itself. */
export const forwardOf = (row: MessageRow): ForwardedMessage =>
  row.text === '' && row.forwarded
    ? row.forwarded
    : {
        messageId: row.id,
        channelId: row.channelId,
        senderId: row.senderId,
        text: row.text,
        createdAt: row.createdAt.toISOString(),
      };
