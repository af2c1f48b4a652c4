import { describe, expect, it } from '@jest/globals';
import { isOpen } from './invite.js';

describe('an invite', () => {
  const now = new Date();
  const later = new Date(now.getTime() + 1);
  const open = { expiresAt: later, maxUses: null, uses: 7, revokedAt: null };

  it('is open until it expires, is used up or is revoked', () => {
    expect(isOpen(open, now)).toBe(true);
    expect(isOpen({ ...open, expiresAt: now }, now)).toBe(false);
    expect(isOpen({ ...open, maxUses: 7 }, now)).toBe(false);
    expect(isOpen({ ...open, maxUses: 8 }, now)).toBe(true);
    expect(isOpen({ ...open, revokedAt: now }, now)).toBe(false);
  });
});
