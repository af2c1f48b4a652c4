import { describe, expect, it } from '@jest/globals';
import { judgeRefresh, REUSE_LEEWAY_MS } from './account.js';

describe('a refresh token', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const at = (ms: number) => new Date(now.getTime() + ms);
  const session = { revokedAt: null, expiresAt: at(1000) };

  it('rotates while unused, and shortly after its first use', () => {
    expect(judgeRefresh(session, null, now)).toBe('rotate');
    expect(judgeRefresh(session, at(-REUSE_LEEWAY_MS), now)).toBe('rotate');
  });

  it('is reused when it comes back later', () => {
    expect(judgeRefresh(session, at(-REUSE_LEEWAY_MS - 1), now)).toBe('reused');
  });

  it('is invalid for a session that was revoked or has ended', () => {
    expect(judgeRefresh({ ...session, revokedAt: at(-1) }, null, now)).toBe('invalid');
    expect(judgeRefresh({ ...session, expiresAt: now }, null, now)).toBe('invalid');
  });
});
