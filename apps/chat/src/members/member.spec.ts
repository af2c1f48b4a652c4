import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { refusal } from './member.js';

const at = (ms: number) => new Date(ms);

describe('coming in again', () => {
  it('is free for strangers and those who left', () => {
    expect(refusal(null, null)).toBeNull();
    expect(refusal({ state: 'left', since: at(1) }, null)).toBeNull();
  });

  test.prop([fc.nat(), fc.option(fc.record({ madeAt: fc.nat().map(at), byAdmin: fc.boolean() }))])(
    'is never up to those who were deactivated',
    (since, ticket) => {
      expect(refusal({ state: 'deactivated', since: at(since) }, ticket)).toBe('member.deactivated');
    },
  );

  test.prop([fc.nat(), fc.nat(), fc.boolean()])(
    'needs an invite that an admin made after the removal',
    (since, madeAt, byAdmin) => {
      const code = refusal({ state: 'removed', since: at(since) }, { madeAt: at(madeAt), byAdmin });
      expect(code === null).toBe(byAdmin && madeAt > since);
      expect(refusal({ state: 'removed', since: at(since) }, null)).toBe('member.removed');
    },
  );
});
