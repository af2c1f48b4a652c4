import { describe, expect, it } from '@jest/globals';
import { RecoveryCode } from '#contracts';
import { hashRecoveryCode, newRecoveryCodes, RECOVERY_CODES } from './recovery-code.js';

describe('recovery codes', () => {
  it('are ten different ones, in a form that comes back through the API', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(RECOVERY_CODES);
    for (const code of codes) {
      expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
      expect(RecoveryCode.parse(code)).toBe(code);
    }
  });

  it('are the same in capitals, without hyphens or with blanks, and different otherwise', () => {
    const hash = hashRecoveryCode('abcd-efgh-ijkl-mnop');
    expect(hashRecoveryCode('ABCDEFGHIJKLMNOP')).toEqual(hash);
    expect(hashRecoveryCode('abcd efgh ijkl mnop')).toEqual(hash);
    expect(hashRecoveryCode('abcd-efgh-ijkl-mnoq')).not.toEqual(hash);
  });
});
