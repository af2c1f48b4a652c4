/** Eight hues that stay apart from each other in both themes. */
const HUES = 8;

export const hueOf = (id: string): number => {
  let hash = 7;
  for (const char of id) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
};

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const firstOf = (word: string): string => [...graphemes.segment(word)][0]?.segment ?? '';

/** One or two initials: "Grace Brewster Hopper" → "GH". */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/u);
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return `${firstOf(words[0] ?? '')}${firstOf(last)}`.toLocaleUpperCase();
};
