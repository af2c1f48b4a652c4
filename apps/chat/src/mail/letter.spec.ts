import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderLetter } from './letter.js';

const action = { label: 'Open', url: 'https://chat.example/verify-email#abc_-1' };
const to = 'ada@example.org';

describe('a letter', () => {
  it('says the same as text and as HTML', () => {
    const { text, html } = renderLetter({ to, subject: 'Hello', paragraphs: ['One & two', 'Three'], action });
    expect(text).toBe(`One & two\n\nThree\n\nOpen:\n${action.url}\n`);
    expect(html).toContain('<p>One &amp; two</p>');
    expect(html).toContain(`href="${action.url}"`);
  });

  it('lets nobody’s name become markup, a header or another line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
        const plain = renderLetter({ to, subject: 'S', paragraphs: ['x'] });
        const { subject, text, html } = renderLetter({ to, subject: `S ${name}`, paragraphs: [`x ${name}`] });
        expect(subject).not.toMatch(/[\r\n]/);
        expect(text.split('\n')).toHaveLength(plain.text.split('\n').length);
        expect(html.match(/</g)).toHaveLength(plain.html.match(/</g)?.length ?? 0);
      }),
    );
  });

  it('needs nothing from elsewhere', () => {
    const { html } = renderLetter({ to, subject: 'S', paragraphs: ['x'], action });
    expect(html).not.toMatch(/src=|url\(|<link|<script/);
  });
});
