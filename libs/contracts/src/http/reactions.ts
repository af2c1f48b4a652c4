import { z } from 'zod';
import { PageQuery, pageOf } from '../page.js';
import { Timestamp } from '../ids.js';
import { User } from './accounts.js';
import { EmojiKey } from './emoji.js';

/** More different emoji on one message are refused with `reaction.too_many`. */
export const MAX_EMOJI_PER_MESSAGE = 50;

/** Who reacted with what. */
export const Reactor = z.object({ emoji: z.string(), user: User, reactedAt: Timestamp });
export type Reactor = z.infer<typeof Reactor>;

export const ReactorsQuery = PageQuery.extend({
  /** Only those who reacted with this one. */
  emoji: EmojiKey.optional(),
});
export type ReactorsQuery = z.infer<typeof ReactorsQuery>;

export const ReactorPage = pageOf(Reactor);
export type ReactorPage = z.infer<typeof ReactorPage>;
