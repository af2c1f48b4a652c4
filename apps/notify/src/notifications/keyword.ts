import { withoutCode } from '#contracts';

/** Scripts that put no spaces between words: a keyword in them is found anywhere. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const WORD = /[\p{L}\p{N}_]+/gu;
const UNSPACED_LETTER = new RegExp(`[${UNSPACED}]`, 'u');
const BEGINS_A_WORD = new RegExp(`^(?![${UNSPACED}])[\\p{L}\\p{N}_]`, 'u');
const ENDS_A_WORD = new RegExp(`(?<![${UNSPACED}])(?<=[\\p{L}\\p{N}_])$`, 'u');
const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;
/** Ids of who is called are no words. */
const CALLS = /<@&?[0-9a-f-]{36}>/g;

/** Case, accents, width and runs of spaces make no difference. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/\s+/gu, ' ')
    .trim();

/** A text as keywords are looked for in it. Code is not talk. */
export const readable = (text: string): string => fold(withoutCode(text).replaceAll(CALLS, ' '));

/**
 * By which a keyword is looked up: its first word, or nothing for one that no word of a text need equal. Any text
 * with the keyword in it has its token among `tokensOf`.
 */
export const tokenOf = (keyword: string): string => {
  const folded = fold(keyword);
  const [first] = folded.match(WORD) ?? [];
  return first === undefined || UNSPACED_LETTER.test(first) ? '' : first;
};

/** Of what `readable` made. */
export const tokensOf = (text: string): string[] => [
  ...new Set(['', ...(text.match(WORD) ?? []).filter((word) => word.length <= 200)]),
];

/** Whether a keyword occurs as a whole: `art` is not in `party`. `text` is what `readable` made. */
export const occurs = (keyword: string, text: string): boolean => {
  const folded = fold(keyword);
  if (folded === '') return false;
  const before = BEGINS_A_WORD.test(folded) ? String.raw`(?<![\p{L}\p{N}_])` : '';
  const after = ENDS_A_WORD.test(folded) ? String.raw`(?![\p{L}\p{N}_])` : '';
  return new RegExp(before + folded.replaceAll(SYNTAX, String.raw`\$&`) + after, 'u').test(text);
};
