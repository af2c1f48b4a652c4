import { describe, expect, it } from '@jest/globals';
import { FreeText, Label, SingleLine } from './text.js';

const accepts = (schema: typeof Label, text: string) => schema.safeParse(text).success;

describe('text', () => {
  const Name = Label.min(1);

  it.each(['Ada', 'Đặng Thị Hà', '李雷', 'محمد', 'क्षि', '👩‍👩‍👧', 'می‌خواهم', 'O’Neil-Smith 3rd'])(
    '%s is a name',
    (name) => {
      expect(accepts(Label, name)).toBe(true);
    },
  );

  it.each([
    'a\u0000b',
    '\ud800',
    '\u200b',
    'a\u202Eb',
    'a\u0007',
    '\u2800',
    '\u3164',
    ' ',
    '',
    'two\nlines',
    '\u200d',
  ])('%j is none', (name) => {
    expect(accepts(Name, name)).toBe(false);
  });

  it('says once that a blank name is none', () => {
    for (const blank of ['', ' ']) expect(Name.safeParse(blank).error?.issues).toHaveLength(1);
  });

  it('a topic may be empty, but hides nothing', () => {
    expect([accepts(SingleLine, ''), accepts(SingleLine, 'a\u200bb')]).toEqual([true, false]);
  });

  it('free text has lines and something to see', () => {
    expect(accepts(FreeText, 'two\nlines\tand a tab')).toBe(true);
    for (const blank of [' \n ', '\u200b\u2060', 'x\u0000', 'x\udc00'])
      expect(accepts(FreeText, blank)).toBe(false);
  });
});
