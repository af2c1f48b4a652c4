import { describe, expect, it } from '@jest/globals';
import { gemoji } from 'gemoji';
import { UnicodeEmoji } from '#contracts';
import { shortcodeOf, unicodeOf } from './shortcode.js';

describe('shortcodes', () => {
  it.each([
    ['thumbsup', '👍'],
    ['+1', '👍'],
    [':tada:', '🎉'],
    ['heart', '❤️'],
    ['flag-de', '🇩🇪'],
    ['+1::skin-tone-3', '👍🏼'],
    [':+1::skin-tone-6:', '👍🏿'],
    ['point_up::skin-tone-2', '☝🏻'],
    ['people_holding_hands::skin-tone-4', '🧑🏽‍🤝‍🧑🏽'],
    ['people_holding_hands::skin-tone-2-6', '🧑🏻‍🤝‍🧑🏿'],
    ['handshake::skin-tone-5', '🤝🏾'],
  ])('%s means %s', (code, emoji) => {
    expect(unicodeOf(code)).toBe(emoji);
  });

  it.each([
    'ship_it',
    '',
    ':',
    '::',
    'flag-zz',
    'tada::skin-tone-3',
    '+1::skin-tone-9',
    'constructor',
    '__proto__',
  ])('%s means none', (code) => expect(unicodeOf(code)).toBeNull());

  it('of an emoji means that emoji, for all that have names', () => {
    for (const { emoji, names } of gemoji) {
      expect(unicodeOf(shortcodeOf(emoji) ?? '')).toBe(emoji);
      for (const name of names) expect(unicodeOf(name)).toBe(emoji);
      expect(UnicodeEmoji.parse(emoji)).toBe(emoji);
    }
  });

  it('of an emoji with skin tones means it with them', () => {
    expect(shortcodeOf('👍🏽')).toBe('+1::skin-tone-4');
    expect(shortcodeOf('🧑🏻‍🤝‍🧑🏿')).toBe('people_holding_hands::skin-tone-2-6');
    expect([shortcodeOf('🏽'), shortcodeOf('👍👍'), shortcodeOf('x'), shortcodeOf('')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('of every emoji with one tone means it with that tone', () => {
    const toned = gemoji.flatMap(({ names }) =>
      [2, 3, 4, 5, 6].map((tone) => unicodeOf(`${names[0]}::skin-tone-${tone}`)).filter((it) => it !== null),
    );
    expect(toned.length).toBeGreaterThan(1000);
    expect(toned.map((emoji) => unicodeOf(shortcodeOf(emoji) ?? ''))).toEqual(toned);
  });
});
