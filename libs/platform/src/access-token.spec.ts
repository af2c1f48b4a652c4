import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessTokenHash, accessTokenHint, isAccessToken, newAccessToken } from './access-token.js';
import { accessTokenOf } from './auth.guard.js';

describe('a personal access token', () => {
  it('can be recognised, carried in a header, and is never the same', () => {
    const tokens = Array.from({ length: 200 }, newAccessToken);
    expect(new Set(tokens).size).toBe(200);
    for (const token of tokens) {
      expect(token).toMatch(/^parley_pat_[0-9A-Za-z]{36}$/);
      expect(isAccessToken(token)).toBe(true);
      expect(accessTokenHash(token)).toHaveLength(32);
      expect(accessTokenOf({ authorization: `Bearer ${token}` })).toBe(token);
      expect(token.startsWith(accessTokenHint(token))).toBe(true);
    }
  });

  it('is known to be none when a character is wrong, without asking anyone', () => {
    const position = fc.integer({ min: 11, max: 46 });
    fc.assert(
      fc.property(position, fc.constantFrom(...'019AZaz_-'), (at, letter) => {
        const token = newAccessToken();
        fc.pre(token[at] !== letter);
        expect(accessTokenHash(token.slice(0, at) + letter + token.slice(at + 1))).toBeNull();
      }),
    );
    for (const text of ['parley_pat_', '', `${newAccessToken()}0`, newAccessToken().slice(0, -1)])
      expect(accessTokenHash(text)).toBeNull();
  });
});
