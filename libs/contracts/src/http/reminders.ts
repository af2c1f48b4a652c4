import { z } from 'zod';
import { ChannelId, MessageId, ReminderId, Timestamp, WorkspaceId } from '../ids.js';
import { FreeText } from '../text.js';
import { PageQuery } from '../page.js';
import { Recurrence } from './recurrence.js';

/** Reminders of one person in one workspace that are not completed. */
export const MAX_REMINDERS = 500;

const ReminderText = FreeText.min(1).max(1000);

/** Something to come back to: a message, a few words, or both. */
export const Reminder = z.object({
  id: ReminderId,
  workspaceId: WorkspaceId,
  messageId: MessageId.nullable(),
  /** Of the message. */
  channelId: ChannelId.nullable(),
  text: z.string().nullable(),
  state: z.enum(['waiting', 'due', 'completed']),
  /** When it is due; of one that is, since when. */
  remindAt: Timestamp,
  /** Of one that is due and recurs: when it will be again. */
  nextAt: Timestamp.nullable(),
  recurrence: Recurrence.nullable(),
  completedAt: Timestamp.nullable(),
  /** Grows with every change: of two, the higher is the newer. */
  version: z.int(),
  createdAt: Timestamp,
});
export type Reminder = z.infer<typeof Reminder>;

export const CreateReminder = z
  .strictObject({
    messageId: MessageId.optional(),
    text: ReminderText.optional(),
    /** In the future, within a year. */
    remindAt: Timestamp,
    recurrence: Recurrence.optional(),
  })
  .refine(({ messageId, text }) => messageId !== undefined || text !== undefined, {
    path: ['text'],
    message: 'or messageId is required',
  });
export type CreateReminder = z.infer<typeof CreateReminder>;

/** What is not named stays; a recurrence of null reminds once. A new time makes it wait again. */
export const ChangeReminder = z
  .strictObject({ text: ReminderText, remindAt: Timestamp, recurrence: Recurrence.nullable() })
  .partial();
export type ChangeReminder = z.infer<typeof ChangeReminder>;

/** In the future, within a year. */
export const SnoozeReminder = z.strictObject({ until: Timestamp });
export type SnoozeReminder = z.infer<typeof SnoozeReminder>;

export const RemindersQuery = PageQuery.extend({
  state: z.enum(['open', 'completed']).default('open'),
});
export type RemindersQuery = z.infer<typeof RemindersQuery>;
