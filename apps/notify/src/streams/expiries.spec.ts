import { afterEach, describe, expect, it } from '@jest/globals';
import { Expiries } from './expiries.js';

describe('Expiries', () => {
  let now = 0;
  const expiries = new Expiries(() => now);
  afterEach(() => expiries.stop());

  it('ends each stream once its token has expired, once, and none that closed before or never expires', () => {
    const ended: string[] = [];
    const stream = (name: string) => ({ end: (reason: string) => void ended.push(`${name}: ${reason}`) });
    const [early, late, closed, eternal] = ['early', 'late', 'closed', 'eternal'].map(stream) as [
      ReturnType<typeof stream>,
      ReturnType<typeof stream>,
      ReturnType<typeof stream>,
      ReturnType<typeof stream>,
    ];
    expiries.add(early, 10);
    expiries.add(late, 20);
    expiries.add(closed, 10);
    expiries.add(eternal, Infinity);
    expiries.remove(closed);
    now = 9;
    expiries.look();
    expect(ended).toEqual([]);
    now = 10;
    expiries.look();
    expiries.look();
    expect(ended).toEqual(['early: token expired']);
    now = Number.MAX_SAFE_INTEGER;
    expiries.look();
    expect(ended).toEqual(['early: token expired', 'late: token expired']);
  });
});
