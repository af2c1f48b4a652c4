const MENTION = /<@&?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>/g;
const MAX_CHARACTERS = 240;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Whom a text names by id: people and groups. */
export const namedIn = (text: string): string[] => [
  ...new Set(Array.from(text.matchAll(MENTION), ([, id]) => id as string)),
];

/** The beginning of a message in one line, as somebody reads it who sees nothing else of it. */
export const previewOf = (text: string, names: ReadonlyMap<string, string>): string => {
  const line = text
    .replace(MENTION, (_, id: string) => `@${names.get(id) ?? '…'}`)
    .replace(/\s+/g, ' ')
    .trim();
  let end = 0;
  let characters = 0;
  for (const { index, segment } of graphemes.segment(line)) {
    if (++characters > MAX_CHARACTERS) return `${line.slice(0, end).trimEnd()}…`;
    end = index + segment.length;
  }
  return line;
};
