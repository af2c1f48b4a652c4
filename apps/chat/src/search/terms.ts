const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
const MAX_TERM = 64;

/** Accents folded, case folded, compatibility forms unified: `Đà Nẵng` is found as `da nang`. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replaceAll('ł', 'l')
    .replaceAll('ß', 'ss')
    .normalize('NFC');

/** The words of a text in any script, folded, in order; Chinese and Japanese are cut by dictionary. */
export const termsOf = (text: string): string[] => {
  const terms: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (!isWordLike) continue;
    const term = fold(segment).slice(0, MAX_TERM);
    if (term) terms.push(term);
  }
  return terms;
};

/** Typos forgiven in a query word: none below 5 letters, one from 5, two from 9 (Meilisearch's rules). */
export const typosAllowed = (term: string): number => {
  const { length } = [...term];
  return length >= 9 ? 2 : length >= 5 ? 1 : 0;
};
