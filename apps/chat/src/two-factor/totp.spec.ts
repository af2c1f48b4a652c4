import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TOTP, URI } from 'otpauth';
import { newTotpSecret, presentSecret, stepOf } from './totp.js';

describe('a TOTP code', () => {
  it('is the one of RFC 6238, appendix B', () => {
    const secret = Buffer.from('12345678901234567890');
    expect(stepOf(secret, '287082', new Date(59_000))).toBe(1);
    expect(stepOf(secret, '081804', new Date(1_111_111_109_000))).toBe(37_037_036);
  });

  it('counts one step early or late, and no more', () => {
    const moment = fc.integer({ min: 10, max: 4_000_000_000 });
    fc.assert(
      fc.property(moment, fc.integer({ min: -4, max: 4 }), (seconds, steps) => {
        const secret = newTotpSecret();
        const app = URI.parse(presentSecret(secret, 'ada@example.org').uri) as TOTP;
        const now = new Date(seconds * 1000 + 300_000);
        const code = app.generate({ timestamp: now.getTime() + steps * 30_000 });
        const found = stepOf(secret, code, now);
        // Two codes are equal once in a million times.
        if (Math.abs(steps) <= 1) expect(found).not.toBeNull();
        else
          expect([null, ...[-1, 0, 1].map((d) => Math.floor(now.getTime() / 30_000) + d)]).toContain(found);
        if (found !== null && Math.abs(steps) > 1)
          expect([-1, 0, 1].map((d) => app.generate({ timestamp: now.getTime() + d * 30_000 }))).toContain(
            code,
          );
      }),
      { numRuns: 50 },
    );
  });

  it('has a secret of 160 bits that says whose account it is for', () => {
    const { secret, uri } = presentSecret(newTotpSecret(), 'ada@example.org');
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Parley:ada%40example\.org\?issuer=Parley&secret=/);
  });
});
