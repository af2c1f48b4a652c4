import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#testing';
import { namedIn, previewOf } from './preview.js';

const [ada, bob] = [newId.user(), newId.user()];
const names = new Map<string, string>([[ada, 'Ada']]);

describe('the preview of a message', () => {
  it('is one line, with names for mentions', () => {
    expect(previewOf(`Hello <@${ada}>,\n\n  how are <@&${bob}>?`, names)).toBe('Hello @Ada, how are @…?');
    expect(namedIn(`<@${ada}> <@${ada}> <@&${bob}> <@nobody>`)).toEqual([ada, bob]);
  });

  it('ends between characters, however they are made', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(previewOf(family.repeat(300), names)).toBe(`${family.repeat(240)}…`);
    expect(previewOf('x'.repeat(240), names)).toBe('x'.repeat(240));
  });

  it('of any text is short, and begins as the text does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), (text) => {
        const preview = previewOf(text, names);
        expect(preview).not.toMatch(/[\r\n]/);
        const line = text.replace(/\s+/g, ' ').trim();
        if (preview !== line) expect(line.startsWith(preview.slice(0, -1))).toBe(true);
      }),
    );
  });
});
