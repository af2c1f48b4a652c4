import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, occurs, readable, tokenOf, tokensOf } from './keyword.js';

const hit = (keyword: string, text: string) => occurs(keyword, readable(text));

describe('a keyword', () => {
  it.each([
    ['deploy', 'We Deploy at noon'],
    ['café', 'the CAFE is open'],
    ['đà nẵng', 'tới Đà   Nẵng mai'],
    ['strasse', 'ｓｔｒａｓｓｅ'],
    ['c++', 'is C++ (or C) faster?'],
    ['release plan', 'the release\nplan, please'],
    ['搜索', '我们的搜索功能'],
    ['🚀', 'off it goes 🚀!'],
  ])('"%s" is found in "%s"', (keyword, text) => {
    expect(hit(keyword, text)).toBe(true);
  });

  it.each([
    ['art', 'a party'],
    ['deploy', 'deployment'],
    ['deploy', 'see `deploy` and'],
    ['deploy', '```\ndeploy\n```'],
    ['c001', '<@019bc0a1-7c00-7a10-8000-00000000c001>'],
    ['a.c', 'abc'],
    ['release plan', 'plan the release'],
  ])('"%s" is not found in "%s"', (keyword, text) => {
    expect(hit(keyword, text)).toBe(false);
  });

  const word = fc.stringMatching(/^[a-zà-ö0-9]{1,8}$/u);

  it('is found among other words wherever it stands, and not as a part of one', () => {
    fc.assert(
      fc.property(fc.array(word), word, fc.array(word), (before, keyword, behind) => {
        expect(hit(keyword.toUpperCase(), [...before, keyword, ...behind].join(' '))).toBe(true);
        expect(hit(keyword, `x${keyword}`)).toBe(false);
        expect(hit(keyword, `${keyword}x`)).toBe(false);
      }),
    );
  });

  it('is looked up by a token that each text has that it occurs in', () => {
    const any = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(any, any, any, fc.boolean(), (before, keyword, behind, spaced) => {
        const text = readable([before, keyword, behind].join(spaced ? ' ' : ''));
        if (occurs(keyword, text)) expect(tokensOf(text)).toContain(tokenOf(keyword));
      }),
      { numRuns: 500 },
    );
  });

  it('is folded once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
  });
});
