import { z } from 'zod';
import { MessageId, Timestamp, WorkspaceId } from '../ids.js';
import { PageQuery } from '../page.js';
import { Message } from './messages.js';

/** A message somebody kept for later; `done` once it has been seen to. */
export const SavedItem = z.object({
  messageId: MessageId,
  workspaceId: WorkspaceId,
  done: z.boolean(),
  savedAt: Timestamp,
  /** Grows with every change: of two, the higher is the newer. */
  version: z.int(),
});
export type SavedItem = z.infer<typeof SavedItem>;

export const SaveMessage = z.strictObject({ done: z.boolean().default(false) });
export type SaveMessage = z.infer<typeof SaveMessage>;

/** `message` is null when one may not read it any more. */
export const ListedSavedItem = z.object({ item: SavedItem, message: Message.nullable() });
export type ListedSavedItem = z.infer<typeof ListedSavedItem>;

export const SavedItemsQuery = PageQuery.extend({ done: z.stringbool().default(false) });
export type SavedItemsQuery = z.infer<typeof SavedItemsQuery>;
