/** Eight hues that stay apart from each other in both themes. */
const HUES = 8;

export const hueOf = (id: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  // The low bits alone would hardly tell ids of the same moment apart.
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES;
};

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const firstOf = (word: string): string => [...graphemes.segment(word)][0]?.segment ?? '';

/** One or two initials: "Grace Brewster Hopper" → "GH". */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/u);
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return `${firstOf(words[0] ?? '')}${firstOf(last)}`.toLocaleUpperCase();
};
