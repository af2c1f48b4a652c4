import { z } from 'zod';
import { ChannelId, MessageId, ScheduledMessageId, Timestamp, WorkspaceId } from '../ids.js';
import { MessageText } from './messages.js';
import { Recurrence } from './recurrence.js';

/** Scheduled messages of one person in one workspace. */
export const MAX_SCHEDULED_MESSAGES = 500;

/** A message that is sent later, once or again and again. */
export const ScheduledMessage = z.object({
  id: ScheduledMessageId,
  workspaceId: WorkspaceId,
  channelId: ChannelId,
  /** Replies in the thread of this message. */
  threadId: MessageId.nullable(),
  alsoInChannel: z.boolean(),
  text: z.string(),
  /** The next time. */
  sendAt: Timestamp,
  recurrence: Recurrence.nullable(),
  /** `sending` lasts a moment, in which it can't be changed; `failed` ones wait for their author. */
  state: z.enum(['scheduled', 'sending', 'failed']),
  /** Of a failed one: the code of the problem. */
  failure: z.string().nullable(),
  /** How often it was sent already. */
  sentCount: z.int(),
  /** Grows with every change: of two, the higher is the newer. */
  version: z.int(),
  createdAt: Timestamp,
});
export type ScheduledMessage = z.infer<typeof ScheduledMessage>;

export const ScheduleMessage = z
  .strictObject({
    channelId: ChannelId,
    threadId: MessageId.optional(),
    alsoInChannel: z.boolean().optional(),
    text: MessageText,
    /** In the future, within a year. */
    sendAt: Timestamp,
    recurrence: Recurrence.optional(),
  })
  .refine(({ threadId, alsoInChannel }) => threadId !== undefined || alsoInChannel === undefined, {
    path: ['alsoInChannel'],
    message: 'is for replies in a thread',
  });
export type ScheduleMessage = z.infer<typeof ScheduleMessage>;

/** What is not named stays; a recurrence of null sends it once. A new time makes a failed one wait again. */
export const RescheduleMessage = z
  .strictObject({ text: MessageText, sendAt: Timestamp, recurrence: Recurrence.nullable() })
  .partial();
export type RescheduleMessage = z.infer<typeof RescheduleMessage>;
