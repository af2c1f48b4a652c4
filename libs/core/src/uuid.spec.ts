import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { uuidv7 } from './uuid.js';

const msOf = (id: string): number => parseInt(id.replaceAll('-', '').slice(0, 12), 16);
const counterOf = (id: string): number => parseInt(id.slice(15, 18), 16);
/** Later than the clock and than any test before: the generator never goes back. */
let future = Date.now() + 1_000_000;
const freshMs = (): number => (future += 100_000);

describe('uuidv7', () => {
  it('has the layout of RFC 9562 §5.7: time, version 7, variant 10', () => {
    const now = freshMs();
    const id = uuidv7(now);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(msOf(id)).toBe(now);
  });

  it('starts each millisecond with room to count', () => {
    for (let i = 0; i < 200; i++) expect(counterOf(uuidv7(freshMs()))).toBeLessThanOrEqual(0x7ff);
  });

  it('borrows from the clock when the counter of a millisecond overflows', () => {
    const now = freshMs();
    const ids = Array.from({ length: 10_000 }, () => uuidv7(now));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    const overflowed = ids.findIndex((id) => msOf(id) === now + 1);
    expect(counterOf(ids[overflowed - 1] as string)).toBe(0xfff);
    expect(counterOf(ids[overflowed] as string)).toBe(0);
    // A clock that has not caught up yet does not bring the old time back.
    expect(msOf(uuidv7(now + 1))).toBeGreaterThanOrEqual(msOf(ids.at(-1) as string));
  });

  test.prop([fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 300 })])(
    'is strictly increasing whatever the clock does',
    (steps) => {
      let now = freshMs();
      let last = '';
      for (const step of steps) {
        const id = uuidv7((now += step));
        expect(id > last).toBe(true);
        last = id;
      }
    },
  );

  it('does not repeat its random tail', () => {
    const tails = new Set(Array.from({ length: 5000 }, () => uuidv7().slice(19)));
    expect(tails.size).toBe(5000);
  });
});
