import { z } from 'zod';
import { ChannelId, DraftId, MessageId, Timestamp, WorkspaceId } from '../ids.js';
import { FreeText } from '../text.js';

/** Drafts of one person in one workspace. */
export const MAX_DRAFTS = 1000;

/** What its author has begun to write in a channel, or in a thread of it: at most one each. */
export const Draft = z.object({
  id: DraftId,
  workspaceId: WorkspaceId,
  channelId: ChannelId,
  /** The first message of the thread; null for what is meant for the channel. */
  threadId: MessageId.nullable(),
  text: z.string(),
  /** Grows with every change: of two, the higher is the newer. */
  version: z.int(),
  updatedAt: Timestamp,
});
export type Draft = z.infer<typeof Draft>;

export const PutDraft = z.strictObject({ text: FreeText.min(1).max(16_000) });
export type PutDraft = z.infer<typeof PutDraft>;

/** Says which draft of the channel is meant: the one in a thread, or its own. */
export const DraftQuery = z.strictObject({ threadId: MessageId.optional() });
export type DraftQuery = z.infer<typeof DraftQuery>;
