import { z } from 'zod';
import { GroupId, UserId } from './ids.js';

/** Who a message calls: people, groups, everyone in the channel, or those of them who are here now. */
export const Mention = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), id: UserId }),
  z.object({ kind: z.literal('group'), id: GroupId }),
  z.object({ kind: z.literal('channel') }),
  z.object({ kind: z.literal('here') }),
]);
export type Mention = z.infer<typeof Mention>;

/** More different mentions in one message are refused with `message.too_many_mentions`. */
export const MAX_MENTIONS = 100;

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** `<@user>`, `<@&group>`, `@channel` and `@here`; the last two as words of their own. */
const MENTION = new RegExp(
  `<@(?<sign>&?)(?<id>${UUID})>|(?<![\\p{L}\\p{N}_@./<-])@(?<word>channel|here)(?![\\p{L}\\p{N}_-])`,
  'gu',
);
/**
 * Code of CommonMark as far as people write it in chat: fences, and spans between runs of as many
 * backticks. An unclosed fence runs to the end.
 */
const CODE =
  /(?<=^|\n) {0,3}(?<fence>`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n {0,3}\k<fence>|$)|(?<!`)(?<run>`+)(?!`)(?:(?!\n\n)[\s\S])*?(?<!`)\k<run>(?!`)/g;

const mayMention = (text: string) =>
  text.includes('<@') || text.includes('@channel') || text.includes('@here');

/** The text without its code, in which nothing is called. */
export const withoutCode = (text: string): string =>
  text.includes('`') || text.includes('~~~') ? text.replace(CODE, ' ') : text;

/** Each mention of a text once, in order of appearance. Ids are not looked up. */
export const parseMentions = (text: string): Mention[] => {
  if (!mayMention(text)) return [];
  const found = new Map<string, Mention>();
  for (const { 0: source, groups } of withoutCode(text).matchAll(MENTION)) {
    if (found.has(source)) continue;
    if (groups?.['word']) found.set(source, { kind: groups['word'] as 'channel' | 'here' });
    else if (groups?.['sign']) found.set(source, { kind: 'group', id: groups['id'] as GroupId });
    else found.set(source, { kind: 'user', id: groups?.['id'] as UserId });
  }
  return [...found.values()];
};
