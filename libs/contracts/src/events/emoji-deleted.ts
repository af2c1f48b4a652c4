import { z } from 'zod';
import { EmojiId } from '../ids.js';
import { event } from './envelope.js';

/** To everyone in the workspace; one for each other name that goes with it. */
export const EmojiDeleted = event('emoji.deleted', z.object({ emojiId: EmojiId }));
export type EmojiDeleted = z.infer<typeof EmojiDeleted>;
