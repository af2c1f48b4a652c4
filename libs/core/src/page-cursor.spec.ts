import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { cutPage, decodeCursor, encodeCursor } from './page-cursor.js';

const keys = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.integer()), { minLength: 1, maxLength: 4 });

describe('a page cursor', () => {
  test.prop([keys])('comes back as the key it was made of', (key) => {
    const cursor = encodeCursor(key);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(cursor, key.length)).toEqual(key);
  });

  test.prop([keys])('is refused when it has another number of parts', (key) => {
    expect(decodeCursor(encodeCursor(key), key.length + 1)).toBeNull();
  });

  test.prop([fc.string()])('is null, not an error, for any text that is none', (text) => {
    const key = decodeCursor(text, 2);
    expect(key === null || key.length === 2).toBe(true);
  });

  it.each([
    ['an object', { length: 1 }],
    ['a nested array', [['x']]],
    ['null', [null]],
    ['a boolean', [true]],
  ])('is refused when its part is %s', (_name, value) => {
    expect(decodeCursor(Buffer.from(JSON.stringify(value)).toString('base64url'), 1)).toBeNull();
  });
});

describe('cutPage', () => {
  test.prop([fc.uniqueArray(fc.integer(), { maxLength: 40 }), fc.integer({ min: 1, max: 7 })])(
    'pages through all rows once, and says when there are no more',
    (numbers, limit) => {
      const rows = numbers.sort((a, b) => a - b);
      const seen: number[] = [];
      let after = -Infinity;
      for (;;) {
        const fetched = rows.filter((row) => row > after).slice(0, limit + 1);
        const page = cutPage(fetched, limit, (row) => [row]);
        seen.push(...page.data);
        expect(page.data.length).toBeLessThanOrEqual(limit);
        if (page.nextCursor === null) break;
        after = decodeCursor(page.nextCursor, 1)?.[0] as number;
      }
      expect(seen).toEqual(rows);
    },
  );
});
