import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EmojiKey, MAX_EMOJI_PER_MESSAGE } from '#contracts';
import { encodeCursor } from '#core';
import { customName, hasRoomFor, reactorCursor } from './reaction.js';

const accepted = (text: string) => EmojiKey.safeParse(text).data ?? null;

describe('the emoji of a reaction', () => {
  it.each(['👍', '👍🏽', '❤️', '🇩🇪', '#️⃣', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '👩🏻‍❤️‍💋‍👨🏿', ':ship_it:', ':+1:'])('may be %s', (text) => {
    expect(accepted(text)).toBe(text);
  });

  it('is kept as Unicode recommends it, so that two ways of writing it are one reaction', () => {
    expect(accepted('\u2764')).toBe('\u2764\uFE0F');
  });

  it.each([
    ['nothing', ''],
    ['a letter', 'a'],
    ['a digit', '1'],
    ['two emoji', '👍👍'],
    ['an emoji and a space', '👍 '],
    ['a lone skin tone behind a joiner', '\u200D🏽'],
    ['half an emoji', '\uD83D'],
    ['half a flag', '🇩'],
    ['a flag of nowhere', '🇽🇽'],
    ['a family that Unicode does not know', '👍\u200D👍'],
    ['a bomb of joined emoji', '👨\u200D'.repeat(500)],
    ['a bomb of accents', `👍${'\u0301'.repeat(500)}`],
    ['a tag bomb', `🏴${'\u{E0067}'.repeat(30)}\u{E007F}`],
    ['an emoji behind an invisible character', '\u200B👍'],
    ['an emoji behind an override', '\u202E👍'],
    ['a name with capitals', ':Ship:'],
    ['a name of one letter', ':x:'],
    ['an unclosed name', ':ship'],
  ])('may not be %s', (_, text) => {
    expect(accepted(text)).toBeNull();
  });

  it('is a name or one emoji whatever was tried', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), (text) => {
        const emoji = accepted(text);
        if (emoji === null) return;
        const graphemes = [...new Intl.Segmenter().segment(emoji)].length;
        expect(customName(emoji) !== null || graphemes === 1).toBe(true);
      }),
    );
  });

  it('is of at most fifty kinds on one message', () => {
    const present = Array.from({ length: MAX_EMOJI_PER_MESSAGE }, (_, n) => `:e${n}:`);
    expect([
      hasRoomFor(':e7:', present),
      hasRoomFor(':new:', present),
      hasRoomFor(':new:', present.slice(1)),
    ]).toEqual([true, false, true]);
  });
});

describe('the cursor of a list of reactions', () => {
  const key = ['2026-01-15T09:30:00.000Z', '👍', '019bc0a1-7c00-7a10-8000-00000000a001'] as const;

  it('comes back as it was', () => expect(reactorCursor(encodeCursor(key))).toEqual(key));

  it.each([
    [['2026-01-15', '👍', key[2]]],
    [['2026-19-35T29:30:00.000Z', '👍', key[2]]],
    [[key[0], '\u0000', key[2]]],
    [[key[0], '\uD800', key[2]]],
    [[key[0], '👍', 'x']],
    [[key[0], '👍']],
  ])('is refused when it is made up: %j', (parts) => {
    expect(() => reactorCursor(encodeCursor(parts))).toThrow(
      expect.objectContaining({ code: 'request.invalid' }),
    );
  });
});
