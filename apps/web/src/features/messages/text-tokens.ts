export type TextToken = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

const candidate = /\bhttps?:\/\/[^\s<>"'`]+/giu;
const trailing = /[.,:;!?*_~\]}…]+$/u;

/** Punctuation after an address belongs to the sentence, and so does a bracket that it did not open. */
const trim = (url: string): string => {
  const shorter = url.replace(trailing, '');
  const closed = shorter.endsWith(')') && !shorter.includes('(');
  const next = closed ? shorter.slice(0, -1) : shorter;
  return next === url ? url : trim(next);
};

const hrefOf = (text: string): string | null => {
  const url = URL.parse(text);
  return url !== null && url.hostname !== '' ? url.href : null;
};

/** Splits text into plain pieces and http(s) links; put together the pieces are the text. */
export const textTokens = (text: string): TextToken[] => {
  const tokens: TextToken[] = [];
  let end = 0;
  const plain = (upTo: number) => {
    if (upTo > end) tokens.push({ kind: 'text', text: text.slice(end, upTo) });
  };
  for (const match of text.matchAll(candidate)) {
    const link = trim(match[0]);
    const href = hrefOf(link);
    if (href === null) continue;
    plain(match.index);
    tokens.push({ kind: 'link', text: link, href });
    end = match.index + link.length;
  }
  plain(text.length);
  return tokens;
};
