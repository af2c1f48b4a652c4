import { describe, expect, it } from '@jest/globals';
import type { UserId } from '#contracts';
import { currentStatus, judgeRefresh, presentUser, REUSE_LEEWAY_MS } from './account.js';

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

describe('what others see of a person', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const row = {
    id: '019bc0a1-7c00-7a10-8000-00000000a001' as UserId,
    name: 'Ada',
    kind: 'user' as const,
    title: '',
    pronouns: '',
    timeZone: null,
    avatarImageId: null,
    status: null,
    deletedAt: null,
    version: 0,
  };

  it('leaves out what they have not said', () => {
    expect(presentUser(row, now)).toEqual({ id: row.id, name: 'Ada', kind: 'user' });
  });

  it('has their status until the moment it runs out', () => {
    const status = (expiresAt: string | null) => ({ emoji: null, text: 'busy', expiresAt });
    expect(currentStatus(status(null), now)).not.toBeNull();
    expect(currentStatus(status('2026-01-01T00:00:00.001Z'), now)).not.toBeNull();
    expect(currentStatus(status('2026-01-01T00:00:00.000Z'), now)).toBeNull();
  });
});
