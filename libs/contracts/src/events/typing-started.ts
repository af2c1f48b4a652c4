import { z } from 'zod';
import { ChannelId, MessageId, UserId } from '../ids.js';
import { ephemeral } from './ephemeral.js';

/** Who writes where; `threadId` is null for what will stand in the channel itself. */
export const Typing = z.object({
  userId: UserId,
  channelId: ChannelId,
  threadId: MessageId.nullable(),
});
export type Typing = z.infer<typeof Typing>;

/** Somebody writes, or still does: it comes again every few seconds for as long as that lasts. */
export const TypingStarted = ephemeral('typing.started', Typing);
export type TypingStarted = z.infer<typeof TypingStarted>;
