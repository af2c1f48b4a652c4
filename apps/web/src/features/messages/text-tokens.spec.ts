import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textTokens } from './text-tokens.js';

const links = (text: string): string[] =>
  textTokens(text).flatMap((token) => (token.kind === 'link' ? [token.text] : []));

describe('textTokens', () => {
  it('finds addresses and leaves the punctuation of the sentence out', () => {
    expect(links('see https://example.org/a?b=1#c, or (http://example.org/x).')).toEqual([
      'https://example.org/a?b=1#c',
      'http://example.org/x',
    ]);
    expect(links('https://en.wikipedia.org/wiki/Go_(game)')).toEqual([
      'https://en.wikipedia.org/wiki/Go_(game)',
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'https://',
    'nothttps://x.org',
    'ftp://x.org',
    'x.org',
  ])('does not link %s', (text) => {
    expect(links(text)).toEqual([]);
  });

  it('loses no character and links to http(s) only', () => {
    const piece = fc.constantFrom(
      'https://',
      'http://a.b',
      'javascript:',
      ' ',
      '.',
      '(',
      ')',
      '"',
      '<b>',
      '\n',
    );
    const text = fc.array(fc.oneof(piece, fc.string())).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (input) => {
        const tokens = textTokens(input);
        expect(tokens.map((token) => token.text).join('')).toBe(input);
        for (const token of tokens) if (token.kind === 'link') expect(token.href).toMatch(/^https?:\/\//);
      }),
    );
  });
});
