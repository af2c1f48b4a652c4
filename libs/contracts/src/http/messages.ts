import { z } from 'zod';
import { Mention } from '../mentions.js';
import { pageOf } from '../page.js';
import { FreeText } from '../text.js';
import { ChannelId, ClientMessageId, MessageId, Seq, Timestamp, UserId, WorkspaceId } from '../ids.js';
import { NewPoll, Poll } from './polls.js';

/** Largest request body of a message, in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

export const MessageText = FreeText.min(1).max(16_000);

/** How a thread stands. Of two, the one with the higher `version` is the newer. */
export const ThreadSummary = z.object({
  replyCount: z.int(),
  lastSeq: Seq,
  lastReplyAt: Timestamp,
  /** Some of those who replied, at most five. */
  participantIds: z.array(UserId),
  version: z.int(),
});
export type ThreadSummary = z.infer<typeof ThreadSummary>;

/** One emoji of a message and who chose it; `userIds` are the first 20, in order. */
export const Reaction = z.object({ emoji: z.string(), count: z.int(), userIds: z.array(UserId) });
export type Reaction = z.infer<typeof Reaction>;

/** What a link of the message leads to, fetched by the server. */
export const LinkPreview = z.object({
  /** By which its author removes it. */
  position: z.int(),
  url: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  siteName: z.string().nullable(),
  /** Such as `article` or `video.other`: what the page calls itself. */
  type: z.string().nullable(),
  /** Of a copy on this instance. */
  imageUrl: z.string().nullable(),
});
export type LinkPreview = z.infer<typeof LinkPreview>;

/** A message as it was when somebody passed it on. */
export const ForwardedMessage = z.object({
  messageId: MessageId,
  channelId: ChannelId,
  senderId: UserId,
  text: z.string(),
  createdAt: Timestamp,
});
export type ForwardedMessage = z.infer<typeof ForwardedMessage>;

/** What is optional is absent when there is none of it. */
export const Message = z.object({
  id: MessageId,
  workspaceId: WorkspaceId,
  channelId: ChannelId,
  senderId: UserId,
  clientMessageId: ClientMessageId,
  /** Empty once deleted. */
  text: z.string(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
  deletedAt: Timestamp.nullable(),
  /** Grows with every change of the message or of what hangs on it: of two, the higher is the newer. */
  version: z.int(),
  /** The first message of the thread this is a reply in. */
  threadId: MessageId.optional(),
  /** Of a reply: whether the channel shows it too. */
  inChannel: z.boolean().optional(),
  mentions: z.array(Mention).optional(),
  forwarded: ForwardedMessage.optional(),
  poll: Poll.optional(),
  /** Where the message went, once it was moved to another channel. */
  movedTo: z.object({ channelId: ChannelId, messageId: MessageId }).optional(),
  pinned: z.object({ userId: UserId, at: Timestamp }).optional(),
  reactions: z.array(Reaction).optional(),
  previews: z.array(LinkPreview).optional(),
  /** Of a message that has replies. */
  thread: ThreadSummary.optional(),
  /** Its place among the messages the channel shows: 1, 2, 3 … Absent for replies shown in their thread only. */
  ordinal: z.int().optional(),
  seq: Seq,
});
export type Message = z.infer<typeof Message>;

/** A poll or a forwarded message may go without words of one's own. */
export const SendMessage = z
  .strictObject({
    clientMessageId: ClientMessageId,
    text: FreeText.max(16_000).default(''),
    /** Replies in the thread of this message. */
    threadId: MessageId.optional(),
    /** Shows a reply in the channel, too. */
    alsoInChannel: z.boolean().optional(),
    poll: NewPoll.optional(),
    /** Passes on a message that the sender may read. */
    forwardOf: MessageId.optional(),
  })
  .refine(({ text, poll, forwardOf }) => text.length > 0 || poll || forwardOf, {
    path: ['text'],
    message: 'must not be empty',
  })
  .refine(({ threadId, alsoInChannel }) => threadId !== undefined || alsoInChannel === undefined, {
    path: ['alsoInChannel'],
    message: 'is for replies in a thread',
  });
export type SendMessage = z.infer<typeof SendMessage>;

export const EditMessage = z.strictObject({ text: MessageText });
export type EditMessage = z.infer<typeof EditMessage>;

/** Replies go along with the message they reply to. */
export const MoveMessage = z.strictObject({ channelId: ChannelId });
export type MoveMessage = z.infer<typeof MoveMessage>;

/** The message where it went, and how many went. */
export const MovedMessage = z.object({ message: Message, moved: z.int() });
export type MovedMessage = z.infer<typeof MovedMessage>;

/** One of the wordings a message had. */
export const Wording = z.object({ version: z.int(), text: z.string(), writtenAt: Timestamp });
export type Wording = z.infer<typeof Wording>;

/**
 * One page of history, always in ascending `seq`. `before` pages towards the past, `after` towards the
 * present (both exclusive); without either it is the newest page.
 */
export const HistoryQuery = z
  .strictObject({
    before: z.coerce.number().int().min(1).optional(),
    after: z.coerce.number().int().min(0).optional(),
    /** Half a page before this seq and half a page from it on, to jump to a message. */
    around: z.coerce.number().int().min(1).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .refine(
    ({ before, after, around }) => [before, after, around].filter((seq) => seq !== undefined).length < 2,
    {
      path: ['after'],
      message: 'before, after and around exclude each other',
    },
  );
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** `nextCursor` is the seq to pass as the next `before` (or `after`), as a string. */
export const MessagePage = pageOf(Message);
export type MessagePage = z.infer<typeof MessagePage>;
