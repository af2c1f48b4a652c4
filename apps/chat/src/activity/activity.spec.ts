import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { uuidv7 } from '#core';
import { kindsOf, timeOf, timestampOf } from './activity.js';

describe('the activity inbox', () => {
  it('knows the time of an entry by its id', () => {
    const before = Date.now();
    const time = timeOf(uuidv7());
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
    expect(timestampOf('00000000-0000-0000-0000-000000000000')).toBe('1970-01-01T00:00:00.000Z');
    expect(timestampOf('ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe('infinity');
  });

  test.prop([fc.uuid({ version: 7 })])('has a time for Postgres, whatever the id', (id) => {
    expect(timestampOf(id)).toMatch(/^(infinity|\d{4}-.*Z)$/);
  });

  it('has all kinds unless some are asked for', () => {
    expect(kindsOf(undefined)).toEqual(['mentions', 'replies', 'reactions']);
    expect(kindsOf('reactions,mentions,reactions')).toEqual(['mentions', 'reactions']);
  });
});
