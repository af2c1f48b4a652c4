import { z } from 'zod';
import { ActivityId, Timestamp, UserId } from '../ids.js';
import { PageQuery } from '../page.js';
import { Message } from './messages.js';

/** Nobody counts further: this many unread is "100+". */
export const MAX_UNREAD_ACTIVITY = 100;

/**
 * Something that concerns the reader: a message that calls them, a reply of somebody else in a thread they
 * follow that doesn't call them, a reaction to a message of theirs.
 */
export const Activity = z.object({
  /** Ids ascend with time. */
  id: ActivityId,
  kind: z.enum(['mention', 'reply', 'reaction']),
  actorId: UserId,
  /** What calls or replies, or was reacted to. */
  message: Message,
  /** Of a reaction. */
  emoji: z.string().optional(),
  at: Timestamp,
  unread: z.boolean(),
});
export type Activity = z.infer<typeof Activity>;

/** Up to which entry the inbox was looked through; of two, the one with the higher `version` is the newer. */
export const ActivityCursor = z.object({ lastReadId: ActivityId.nullable(), version: z.int() });
export type ActivityCursor = z.infer<typeof ActivityCursor>;

/** `unreadCount` stops at 100. */
export const ActivityTotals = ActivityCursor.extend({ unreadCount: z.int() });
export type ActivityTotals = z.infer<typeof ActivityTotals>;

export const activityKinds = ['mentions', 'replies', 'reactions'] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** `kinds` is a list with commas; all of them when it is left out. */
export const ActivityQuery = PageQuery.extend({
  kinds: z
    .string()
    .regex(/^(mentions|replies|reactions)(,(mentions|replies|reactions)){0,2}$/)
    .optional(),
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;

/** The newest entry that was seen. */
export const MoveActivityCursor = z.strictObject({ id: ActivityId });
export type MoveActivityCursor = z.infer<typeof MoveActivityCursor>;
