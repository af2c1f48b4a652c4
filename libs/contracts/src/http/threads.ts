import { z } from 'zod';
import { ChannelId, MessageId, Seq } from '../ids.js';
import { PageQuery } from '../page.js';
import { NotificationLevel } from './channel-preferences.js';
import { Message } from './messages.js';

/** A membership tells the first so many replies after its cursor; who has more unread sees "100+". */
export const THREAD_WINDOW = 100;

/**
 * How one person stands to a thread; nobody else sees it. `version` and `movedAtSeq` tell which changes of
 * the reader's own it holds; replies change it, too, as `heardReply` says.
 */
export const ThreadMembership = z.object({
  /** The first message of the thread. */
  threadId: MessageId,
  channelId: ChannelId,
  following: z.boolean(),
  level: NotificationLevel,
  lastReadSeq: Seq,
  /** Grows with every change by the reader: of two, the higher is the newer. 0 before the first. */
  version: z.int(),
  /** Seq of the channel's newest message at the last change by the reader. */
  movedAtSeq: Seq,
  /** Replies after the cursor that stand, of the first 100; none while it is not followed. */
  unreadSeqs: z.array(Seq),
  /** Replies after the cursor that were deleted or moved away, of the first 100. */
  removedSeqs: z.array(Seq),
  /** Replies after the cursor that call the reader. */
  mentionSeqs: z.array(Seq),
});
export type ThreadMembership = z.infer<typeof ThreadMembership>;

/** A thread in the inbox: its first message, and its latest replies in ascending order, at most three. */
export const FollowedThread = z.object({
  root: Message,
  membership: ThreadMembership,
  latestReplies: z.array(Message),
});
export type FollowedThread = z.infer<typeof FollowedThread>;

/** Threads with something unread, and how many unread replies of them all call the reader. */
export const ThreadTotals = z.object({ unreadCount: z.int(), mentionCount: z.int() });
export type ThreadTotals = z.infer<typeof ThreadTotals>;

export const ThreadsQuery = PageQuery.extend({ filter: z.enum(['all', 'unread']).default('all') });
export type ThreadsQuery = z.infer<typeof ThreadsQuery>;

export const SetThreadPreferences = z.strictObject({ level: NotificationLevel });
export type SetThreadPreferences = z.infer<typeof SetThreadPreferences>;
