import { emojiToName, nameToEmoji } from 'gemoji';

const RGI = /^\p{RGI_Emoji}$/v;
const MODIFIER_BASE = /^\p{Emoji_Modifier_Base}$/u;
const PICTURE_SELECTOR = '\uFE0F';
/** U+1F3FB to U+1F3FF, which Slack and others number 2 to 6. */
const FIRST_TONE = 0x1f3fb;
const isTone = (point: number) => point >= FIRST_TONE && point <= FIRST_TONE + 4;
const toneOf = (digit: string) => String.fromCodePoint(FIRST_TONE + Number(digit) - 2);

const SHORTCODE = /^:?(?<name>[^:]+?)(?:::?skin-tone-(?<first>[2-6])(?:-(?<second>[2-6]))?)?:?$/;
/** `flag-de` is the `de` of others. */
const FLAG = /^flag-(?<country>[a-z]{2})$/;
const flagOf = (country: string) =>
  String.fromCodePoint(...[...country].map((letter) => letter.charCodeAt(0) - 0x61 + 0x1f1e6));

const own = (names: Record<string, string>, key: string): string | undefined =>
  Object.hasOwn(names, key) ? names[key] : undefined;

/** The emoji with skin tones, one for each person in it; null when there is no such emoji. */
const toned = (emoji: string, tones: readonly string[]): string | null => {
  const points = [...emoji];
  // Hands between two people have tones of their own, which an emoji of two people does not use.
  for (const bases of [MODIFIER_BASE, /^(?!🤝)\p{Emoji_Modifier_Base}$/u]) {
    let person = 0;
    const parts = points.flatMap((point, at) => {
      if (bases.test(point)) return [point, tones[Math.min(person++, tones.length - 1)] as string];
      return point === PICTURE_SELECTOR && bases.test(points[at - 1] ?? '') ? [] : [point];
    });
    const result = parts.join('');
    if (person > 0 && RGI.test(result)) return result;
  }
  return null;
};

/**
 * The emoji of Unicode that a shortcode of GitHub or Slack means, with or without colons:
 * `thumbsup`, `:+1::skin-tone-3:`, `flag-de`. Null when it means none.
 */
export const unicodeOf = (shortcode: string): string | null => {
  const { name = '', first, second } = SHORTCODE.exec(shortcode)?.groups ?? {};
  const country = FLAG.exec(name)?.groups?.['country'];
  const flag = country && flagOf(country);
  const emoji = own(nameToEmoji, name) ?? (flag && RGI.test(flag) ? flag : null);
  if (!emoji || !first) return emoji;
  return toned(emoji, second ? [toneOf(first), toneOf(second)] : [toneOf(first)]);
};

const bareOf = (emoji: string): string => emoji.replaceAll(PICTURE_SELECTOR, '');
/** By emoji without selectors: a skin tone takes the place of the one behind a person. */
const NAMES = new Map(Object.entries(emojiToName).map(([emoji, name]) => [bareOf(emoji), name]));
const nameOf = (emoji: string): string | null => NAMES.get(bareOf(emoji)) ?? null;

/** The shortcode of an emoji, without colons at its ends: `+1`, `+1::skin-tone-3`. Null when it has none. */
export const shortcodeOf = (emoji: string): string | null => {
  const points = [...emoji];
  const tones = points.filter((point) => isTone(point.codePointAt(0) ?? 0));
  if (tones.length === 0) return nameOf(emoji);
  const digits = [...new Set(tones)].map((tone) => (tone.codePointAt(0) ?? 0) - FIRST_TONE + 2);
  const base = points.filter((point) => !tones.includes(point)).join('');
  // A lone tone is a swatch, not a hand without its hand.
  const name = base ? nameOf(base) : null;
  const code = name && `${name}::skin-tone-${digits.join('-')}`;
  return code && unicodeOf(code) === emoji ? code : null;
};
