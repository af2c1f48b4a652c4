import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import type { Change, Entry } from './entry.js';
import { Outdated } from './outdated.js';

const entry = (
  seq: number,
  version: number | undefined,
  user = 'eve',
  channelId: string | null = 'c',
): Entry => {
  const change = { kind: 'join', channelId, userIds: [user], ...(version === undefined ? {} : { version }) };
  return { seq, workspace: 'w', change: change as Change } as Entry;
};

describe('membership events that come too late', () => {
  test.prop([fc.array(fc.nat(20), { minLength: 1 })])(
    'are those behind a higher version, so that the highest is what holds',
    (versions) => {
      const outdated = new Outdated();
      let held = -1;
      versions.forEach((version, index) => {
        const late = outdated.judge(entry(index + 1, version));
        expect(late).toBe(version < held);
        expect(outdated.has(index + 1)).toBe(late);
        if (!late) held = version;
      });
      expect(held).toBe(Math.max(...versions));
    },
  );

  it('are judged for each person and place alone', () => {
    const outdated = new Outdated();
    outdated.judge(entry(1, 9));
    expect(outdated.judge(entry(2, 3, 'bob'))).toBe(false);
    expect(outdated.judge(entry(3, 3, 'eve', 'other'))).toBe(false);
    expect(outdated.judge(entry(4, 3, 'eve', null))).toBe(false);
    expect(outdated.judge(entry(5, 3))).toBe(true);
  });

  it('are not known among events without a version, or that change nothing', () => {
    const outdated = new Outdated();
    outdated.judge(entry(1, 9));
    expect(outdated.judge(entry(2, undefined))).toBe(false);
    expect(outdated.judge({ ...entry(3, 1), change: null })).toBe(false);
  });

  it('are forgotten with the stream, and the oldest when there are too many', () => {
    const outdated = new Outdated(2);
    for (const user of ['eve', 'bob', 'cat']) outdated.judge(entry(1, 9, user));
    expect(outdated.judge(entry(2, 3, 'eve'))).toBe(false);
    expect(outdated.judge(entry(3, 3, 'cat'))).toBe(true);
    outdated.reset();
    expect([outdated.has(3), outdated.judge(entry(4, 3, 'cat'))]).toEqual([false, false]);
  });
});
