import { z } from 'zod';
import { Seq } from '../ids.js';

/** What one is told of: `default` follows the account's own setting. */
export const NotificationLevel = z.enum(['default', 'all', 'mentions', 'none']);
export type NotificationLevel = z.infer<typeof NotificationLevel>;

/** How one person wants a channel; nobody else sees it. */
export const ChannelPreferences = z.object({
  muted: z.boolean(),
  favourite: z.boolean(),
  level: NotificationLevel,
  /** Hidden from the sidebar until a message after this seq; null when it is not hidden. */
  hiddenSince: Seq.nullable(),
  /** Grows with every change: of two, the higher is the newer. 0 before the first. */
  version: z.int(),
});
export type ChannelPreferences = z.infer<typeof ChannelPreferences>;

export const noChannelPreferences: ChannelPreferences = {
  muted: false,
  favourite: false,
  level: 'default',
  hiddenSince: null,
  version: 0,
};

/** What is left out stays as it is, so that two devices can't undo each other. */
export const UpdateChannelPreferences = z.strictObject({
  muted: z.boolean().optional(),
  favourite: z.boolean().optional(),
  level: NotificationLevel.optional(),
  hidden: z.boolean().optional(),
});
export type UpdateChannelPreferences = z.infer<typeof UpdateChannelPreferences>;
