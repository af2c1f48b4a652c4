import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linksOf, MAX_PREVIEWS } from './links.js';

describe('the links of a message', () => {
  it.each([
    ['see https://a.example/x.', ['https://a.example/x']],
    ['(https://a.example/x)', ['https://a.example/x']],
    ['https://a.example/x_(y)', ['https://a.example/x_(y)']],
    ['[here](https://a.example/x?q=1)', ['https://a.example/x?q=1']],
    ['**https://a.example/x**', ['https://a.example/x']],
    ['HTTPS://A.example/x#part', ['https://a.example/x#part']],
    ['https://bücher.example', ['https://xn--bcher-kva.example/']],
    ['https://a.example https://a.example/ http://b.example', ['https://a.example/', 'http://b.example/']],
  ])('of %j are %j', (text, links) => expect(linksOf(text)).toEqual(links));

  it.each([
    'no link at all',
    '<https://a.example/quiet>',
    '`https://a.example/code`',
    '```\nhttps://a.example/code\n```',
    'ftp://a.example',
    'xhttps://a.example',
    'https://',
    'https://user:secret@a.example/',
    `https://a.example/${'x'.repeat(3000)}`,
    'javascript:alert(1)',
  ])('are none in %j', (text) => expect(linksOf(text)).toEqual([]));

  it('are at most three, each an address without credentials, whatever the text', () => {
    const part = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom('https://', '<', '>', '`', '(', ')', '@', ' ', '.'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const links = linksOf(parts.join(''));
        expect(links.length).toBeLessThanOrEqual(MAX_PREVIEWS);
        expect(new Set(links).size).toBe(links.length);
        for (const link of links) {
          expect(new URL(link)).toMatchObject({ href: link, username: '', password: '' });
          expect(new URL(link).protocol).toMatch(/^https?:$/);
        }
      }),
    );
  });
});
