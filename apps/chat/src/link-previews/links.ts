import { withoutCode } from '#contracts';

/** Of a message's links so many are looked up. */
export const MAX_PREVIEWS = 3;
const MAX_URL = 2048;
/** `<https://…>` is a link that its author wants no preview of. */
const QUIET = /<[^<>\s]*>/g;
const LINK = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"`]+/giu;
const CLOSERS: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
const count = (text: string, letter: string) => text.split(letter).length - 1;

/** Punctuation behind a link belongs to the sentence; a bracket does, unless the link opened it. */
const trimmed = (link: string): string => {
  const last = link.at(-1) ?? '';
  const opener = CLOSERS[last];
  const foreign = opener === undefined ? /[.,;:!?'*_~|]/.test(last) : count(link, last) > count(link, opener);
  return foreign ? trimmed(link.slice(0, -1)) : link;
};

const parsed = (link: string): string | null => {
  const url = URL.canParse(link) ? new URL(link) : null;
  // Who writes a password into a link does not want it fetched.
  return url && url.href.length <= MAX_URL && url.username === '' && url.password === '' ? url.href : null;
};

/** The first links of a message that previews are wanted of, each once. */
export const linksOf = (text: string): string[] => {
  if (!/https?:\/\//i.test(text)) return [];
  const found = new Set<string>();
  for (const [link] of withoutCode(text).replaceAll(QUIET, ' ').matchAll(LINK)) {
    const url = parsed(trimmed(link));
    if (url) found.add(url);
    if (found.size === MAX_PREVIEWS) break;
  }
  return [...found];
};
