import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, termsOf, typosAllowed } from './terms.js';

describe('search terms', () => {
  it('folds accents and case', () => {
    expect(termsOf('Tìm kiếm Đà Nẵng, STRASSE ß')).toEqual(['tim', 'kiem', 'da', 'nang', 'strasse', 'ss']);
  });

  it('cuts scripts without spaces into words', () => {
    expect(termsOf('東京で会議')).toContain('会議');
    expect(termsOf('ฉันรักเมืองไทย').length).toBeGreaterThan(1);
  });

  it('folding is stable and words survive being searched for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
        for (const term of termsOf(text)) expect(term.length).toBeLessThanOrEqual(64);
      }),
    );
  });

  it('forgives no typo in short words, one from five letters, two from nine', () => {
    expect(['four', 'fiver', 'eightish', 'ninechars'].map(typosAllowed)).toEqual([0, 1, 1, 2]);
  });
});
