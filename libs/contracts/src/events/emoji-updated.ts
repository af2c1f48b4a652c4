import { z } from 'zod';
import { CustomEmoji } from '../http/emoji.js';
import { event } from './envelope.js';

/** To everyone in the workspace: added or renamed. */
export const EmojiUpdated = event('emoji.updated', z.object({ emoji: CustomEmoji }));
export type EmojiUpdated = z.infer<typeof EmojiUpdated>;
