import { z } from 'zod';
import { Timestamp } from '../ids.js';
import { SingleLine } from '../text.js';

/** One emoji: a character, or the `:name:` of one. */
export const StatusEmoji = z
  .string()
  .regex(
    /^(:[a-z0-9_+-]{1,64}:|(?=.*(\p{Extended_Pictographic}|\p{RI}|\u20E3))(\p{Emoji}|\p{Emoji_Component}|\u200D|\uFE0F){1,32})$/u,
  );

/** What somebody is up to. */
export const Status = z.object({
  emoji: z.string().nullable(),
  text: z.string(),
  /** Null: until it is cleared. */
  expiresAt: Timestamp.nullable(),
});
export type Status = z.infer<typeof Status>;

export const SetStatus = z
  .strictObject({
    emoji: StatusEmoji.nullable().default(null),
    text: SingleLine.max(100).default(''),
    expiresAt: Timestamp.nullable().default(null),
  })
  .refine(({ emoji, text }) => emoji !== null || text !== '', {
    path: ['text'],
    error: 'needs a text or an emoji',
  });
export type SetStatus = z.infer<typeof SetStatus>;
