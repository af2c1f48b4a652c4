import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#testing';
import { unsubscribeToken, userOfToken } from './unsubscribe-token.js';

const KEY = 'a-key-of-the-tests-with-32-characters';

describe('the token of an unsubscribe link', () => {
  it('says whose mails end, in letters that a URL takes', () => {
    const userId = newId.user();
    const token = unsubscribeToken(userId, KEY);
    expect(token).toMatch(/^[\w-]{64}$/);
    expect(userOfToken(token, KEY)).toBe(userId);
  });

  it('is nobody’s when a letter of it is another, or the key is', () => {
    const token = unsubscribeToken(newId.user(), KEY);
    expect(userOfToken(token, 'another-key-of-the-tests-with-32-chars')).toBeNull();
    fc.assert(
      fc.property(fc.nat(63), fc.constantFrom(...'AZaz09-_'), (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        if (changed !== token) expect(userOfToken(changed, KEY)).toBeNull();
      }),
    );
  });

  it('is nothing that was signed for another purpose, and no other text', () => {
    const bytes = Buffer.from(newId.user().replaceAll('-', ''), 'hex');
    const other = Buffer.concat([bytes, createHmac('sha256', KEY).update(bytes).digest()]);
    expect(userOfToken(other.toString('base64url'), KEY)).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => expect(userOfToken(text, KEY)).toBeNull()));
  });
});
