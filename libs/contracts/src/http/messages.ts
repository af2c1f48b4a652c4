import { z } from 'zod';
import { pageOf } from '../page.js';
import { FreeText } from '../text.js';
import { ChannelId, ClientMessageId, MessageId, Seq, Timestamp, UserId, WorkspaceId } from '../ids.js';

/** Largest request body of a message, in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

export const MessageText = FreeText.min(1).max(16_000);

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
  seq: Seq,
});
export type Message = z.infer<typeof Message>;

export const SendMessage = z.strictObject({ clientMessageId: ClientMessageId, text: MessageText });
export type SendMessage = z.infer<typeof SendMessage>;

export const EditMessage = z.strictObject({ text: MessageText });
export type EditMessage = z.infer<typeof EditMessage>;

/**
 * One page of history, always in ascending `seq`. `before` pages towards the past, `after` towards the
 * present (both exclusive); without either it is the newest page.
 */
export const HistoryQuery = z
  .strictObject({
    before: z.coerce.number().int().min(1).optional(),
    after: z.coerce.number().int().min(0).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  })
  .refine((query) => query.before === undefined || query.after === undefined, {
    path: ['after'],
    message: 'before and after exclude each other',
  });
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** `nextCursor` is the seq to pass as the next `before` (or `after`), as a string. */
export const MessagePage = pageOf(Message);
export type MessagePage = z.infer<typeof MessagePage>;
