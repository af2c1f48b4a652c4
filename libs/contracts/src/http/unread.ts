import { z } from 'zod';
import { ChannelId } from '../ids.js';
import { ThreadTotals } from './threads.js';

/** The badge of a channel. */
export const ChannelBadge = z.object({
  channelId: ChannelId,
  /** Messages after the cursor that stand. */
  unread: z.int(),
  /** Those of them that call the reader. */
  mentions: z.int(),
});
export type ChannelBadge = z.infer<typeof ChannelBadge>;

/** Everything unread in a workspace. Channels in which nothing is unread are left out. */
export const Unread = z.object({ channels: z.array(ChannelBadge), threads: ThreadTotals });
export type Unread = z.infer<typeof Unread>;
