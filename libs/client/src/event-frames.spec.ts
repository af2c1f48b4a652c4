import { describe, expect, it } from '@jest/globals';
import { recentIds } from './event-frames.js';

describe('recentIds', () => {
  it('knows an id again', () => {
    const ids = recentIds();
    expect([ids.add('a'), ids.add('b'), ids.add('a')]).toEqual([true, true, false]);
  });

  it('forgets the oldest beyond its limit', () => {
    const ids = recentIds(2);
    expect(['a', 'b', 'c', 'b', 'c', 'a'].map(ids.add)).toEqual([true, true, true, false, false, true]);
  });
});
