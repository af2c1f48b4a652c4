import { Parser } from 'htmlparser2';

/** What a page says about itself. */
export type PageSummary = {
  title: string | null;
  description: string | null;
  siteName: string | null;
  type: string | null;
  /** Absolute. */
  imageUrl: string | null;
};

const LIMITS = { title: 200, description: 500, siteName: 100, type: 40 };
/** Of many the first counts: whoever fills a page with them is not served by it. */
const NAMES: Record<string, keyof PageSummary> = {
  'og:title': 'title',
  'og:description': 'description',
  'og:site_name': 'siteName',
  'og:type': 'type',
  'og:image': 'imageUrl',
  'og:image:url': 'imageUrl',
  'og:image:secure_url': 'imageUrl',
};
const SECOND_CHOICE: Record<string, keyof PageSummary> = {
  'twitter:title': 'title',
  'twitter:description': 'description',
  'twitter:image': 'imageUrl',
  'twitter:image:src': 'imageUrl',
  description: 'description',
  'application-name': 'siteName',
};

/** One line without control, invisible and bidirectional characters, as long as fits. */
export const cleaned = (text: string | undefined, limit: number): string | null => {
  const line = (text ?? '')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/(?![\u200C\u200D])\p{C}/gu, '')
    .trim();
  if (!/[^\p{Z}\p{C}\p{M}\u115F\u1160\u2800\u3164\uFFA0]/u.test(line)) return null;
  const letters = [...line];
  return letters.length <= limit
    ? line
    : `${letters
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`;
};

const addressOf = (text: string | undefined, base: string): string | null => {
  if (!text || !URL.canParse(text.trim(), base)) return null;
  const url = new URL(text.trim(), base);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
};

/** Reads the head of a page; `base` is where the page came from. Never fails: pages are as they are. */
export const summarise = (html: string, base: string): PageSummary => {
  const first: Partial<Record<keyof PageSummary, string>> = {};
  const second: Partial<Record<keyof PageSummary, string>> = {};
  let title: string | undefined;
  let inTitle = false;
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        if (tag === 'title' && title === undefined) {
          inTitle = true;
          title = '';
        } else if (tag === 'meta') {
          const name = (attributes['property'] ?? attributes['name'] ?? '').trim().toLowerCase();
          const content = attributes['content'] ?? '';
          const key = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
          const other = Object.hasOwn(SECOND_CHOICE, name) ? SECOND_CHOICE[name] : undefined;
          if (key && content.trim()) first[key] ??= content;
          if (other && content.trim()) second[other] ??= content;
        } else if (tag === 'body') parser.pause();
      },
      ontext(text) {
        // Text comes in pieces; a title without an end would take in the page.
        if (inTitle && title !== undefined && title.length < 2000) title += text;
      },
      onclosetag(tag) {
        if (tag === 'title') inTitle = false;
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html);
  const said = (key: keyof PageSummary) => first[key] ?? second[key];
  return {
    title: cleaned(said('title') ?? title, LIMITS.title),
    description: cleaned(said('description'), LIMITS.description),
    siteName: cleaned(said('siteName'), LIMITS.siteName),
    type: cleaned(said('type'), LIMITS.type),
    imageUrl: addressOf(said('imageUrl'), base),
  };
};

/** Whether there is anything to show. */
export const isTelling = ({ title, description }: PageSummary): boolean =>
  title !== null || description !== null;
