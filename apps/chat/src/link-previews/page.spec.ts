import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleaned, isTelling, summarise } from './page.js';

const base = 'https://a.example/dir/page';
const head = (inner: string) =>
  summarise(`<!doctype html><html><head>${inner}</head><body><title>no</title></body>`, base);

describe('what a page says about itself', () => {
  it('is taken from Open Graph, then from Twitter cards, then from the page', () => {
    expect(
      head(`<title>Page</title><meta name=description content="plain"><meta name="twitter:title" content="T">
        <meta property="og:title" content="O &amp; G"><meta property="og:title" content="second">
        <meta property="og:site_name" content="Site"><meta property="og:type" content="article">
        <meta property="og:image" content="../pic.png">`),
    ).toEqual({
      title: 'O & G',
      description: 'plain',
      siteName: 'Site',
      type: 'article',
      imageUrl: 'https://a.example/pic.png',
    });
    expect(head('<meta name="twitter:title" content="T"><title>Page</title>').title).toBe('T');
    expect(head('<title>Page &#x1F389;</title>').title).toBe('Page 🎉');
  });

  it('is one clean line each, as long as fits', () => {
    expect(head(`<title> a\u0000b\u202Ec \n d\u200B </title>`).title).toBe('abc d');
    expect(head(`<title>${'ab '.repeat(500)}</title>`).title).toHaveLength(200);
    expect(cleaned('👩‍👩‍👧', 10)).toBe('👩‍👩‍👧');
    expect(cleaned('\u3164 \u200B', 10)).toBeNull();
  });

  it.each(['javascript:alert(1)', 'data:image/png;base64,AA', 'file:///etc/passwd', 'http://[', ''])(
    'has no image at %j',
    (url) => expect(head(`<meta property="og:image" content="${url}">`).imageUrl).toBeNull(),
  );

  it('is nothing where there is nothing', () => {
    expect(isTelling(head('<meta property="og:image" content="/x.png">'))).toBe(false);
    expect(isTelling(head('<meta name="__proto__" content="x"><meta name="constructor" content="y">'))).toBe(
      false,
    );
    expect(isTelling(head('<title>x</title>'))).toBe(true);
  });

  it('can be read of anything, and never holds a control character', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '<title>',
      '</title>',
      '<meta property="og:title" content="',
      '">',
      '&#0;',
      '&#x202E;',
      '<!--',
      '<script>',
      'text',
      '\u0000',
      '<body>',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 30 }),
        (parts) => {
          const { title } = summarise(parts.join(''), base);
          expect(title ?? '').not.toMatch(/(?![\u200C\u200D])\p{C}/u);
          expect([...(title ?? '')].length).toBeLessThanOrEqual(200);
        },
      ),
    );
  });
});
