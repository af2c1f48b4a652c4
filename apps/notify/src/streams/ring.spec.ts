import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import type { Entry } from './entry.js';
import { Ring } from './ring.js';

const entry = (seq: number, bytes = 100): Entry => ({
  seq,
  workspace: 'w',
  scope: 'workspace',
  id: 'w',
  type: 'message.created',
  frame: Buffer.alloc(bytes),
  change: null,
  revokedSession: null,
});
const after = (ring: Ring, position: number) => {
  const seqs: number[] = [];
  ring.after(position, ({ seq }) => seqs.push(seq) > 0);
  return seqs;
};

describe('Ring', () => {
  test.prop([
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 0, max: 30 }),
    fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3000, size: 'max' }),
  ])('holds every event after its floor, in order, and never more than it may', (events, start, gaps) => {
    const ring = new Ring({ events, bytes: 1 << 30 });
    ring.reset(start);
    const all: number[] = [];
    let seq = start;
    for (const gap of gaps) {
      seq += gap;
      all.push(seq);
      ring.push(entry(seq));
    }
    expect(ring.size).toBe(Math.min(events, all.length));
    expect(ring.head).toBe(seq);
    for (const position of [ring.floor, ring.floor + 1, ring.head - 1, ring.head]) {
      if (!ring.covers(position)) continue;
      expect(after(ring, position)).toEqual(all.filter((each) => each > position));
    }
    expect(ring.covers(ring.floor - 1)).toBe(false);
  });

  it('is bounded by bytes', () => {
    const ring = new Ring({ events: 1000, bytes: 3 * (1000 + 256) });
    for (let seq = 1; seq <= 10; seq++) ring.push(entry(seq, 1000));
    expect(after(ring, 7)).toEqual([8, 9, 10]);
    expect(ring.floor).toBe(7);
    expect(ring.bytes).toBe(3 * (1000 + 256));
    ring.push(entry(11, 1_000_000));
    expect(ring.size).toBe(0);
    expect(ring.floor).toBe(11);
    expect(ring.bytes).toBe(0);
  });

  it('stops when the visitor has enough, and says so', () => {
    const ring = new Ring({ events: 10, bytes: 1 << 20 });
    for (let seq = 1; seq <= 5; seq++) ring.push(entry(seq));
    const seen: number[] = [];
    expect(ring.after(1, ({ seq }) => seen.push(seq) < 2)).toBe(false);
    expect(seen).toEqual([2, 3]);
    expect(ring.after(5, () => false)).toBe(true);
  });

  it('moves over positions without an event, and starts anew after a reset', () => {
    const ring = new Ring({ events: 10, bytes: 1 << 20 });
    ring.skip(4);
    expect([ring.floor, ring.head]).toEqual([4, 4]);
    ring.push(entry(5));
    ring.skip(6);
    expect([ring.floor, ring.head]).toEqual([4, 6]);
    ring.reset(100);
    expect([ring.floor, ring.head, ring.size, ring.bytes]).toEqual([100, 100, 0, 0]);
  });
});
