import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { estimated, personalWords } from './password.js';

describe('the words an acquaintance would try', () => {
  it('are the name and the address, whole and in parts', () => {
    expect(personalWords({ name: 'Ada Lovelace', email: 'a.king@example.org' })).toEqual([
      'ada lovelace',
      'a.king@example.org',
      'ada',
      'lovelace',
      'king',
      'example',
      'org',
    ]);
  });

  it('are none too short to matter, and few whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (name) => {
        const words = personalWords({ name, email: null });
        expect(words.every((word) => word.length >= 3)).toBe(true);
        expect(new Set(words).size).toBe(words.length);
      }),
    );
  });
});

describe('the part of a password that is judged', () => {
  it('is bounded, and all of an ordinary one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 256 }), (password) => {
        expect(estimated(password).length).toBeLessThanOrEqual(64);
        expect(password.startsWith(estimated(password))).toBe(true);
      }),
    );
    expect(estimated('correct horse')).toBe('correct horse');
  });
});
