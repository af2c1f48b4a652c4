import { z } from 'zod';

/** Something a reader can see; fillers that are letters only to Unicode are not. */
const VISIBLE = /[^\p{Z}\p{C}\p{M}\u115F\u1160\u2800\u3164\uFFA0]/u;
/** Controls, bidirectional overrides, private use, surrogates; the joiners of emoji and many scripts may stay. */
const SPOOFING = /(?![\u200C\u200D])\p{C}/u;
/** An empty text is judged by its length, so that it is told once. */
const visible = (text: string) => text === '' || VISIBLE.test(text);
// Postgres text can't hold U+0000, and a lone surrogate isn't text.
const storable = (text: string) => !text.includes('\u0000') && text.isWellFormed();

/** One line that people recognise something by: a name, a topic. Invisible characters can't hide in it. */
export const SingleLine = z
  .string()
  .trim()
  .refine((text) => !SPOOFING.test(text), 'must not contain control or invisible characters');

/** A name of something: a single line, not only of what can't be seen. */
export const Label = SingleLine.refine(visible, 'must contain a visible character');

/** Text of any number of lines, as people write it. */
export const FreeText = z
  .string()
  .refine(visible, 'must not be blank')
  .refine(storable, 'must be well-formed text without U+0000');
