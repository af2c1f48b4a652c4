import { afterAll, describe, expect, it } from '@jest/globals';
import { PasswordStrength } from './password-strength.js';

describe('the strength of a password', () => {
  const strength = new PasswordStrength();
  afterAll(() => strength.onApplicationShutdown());
  const ada = { name: 'Ada Lovelace', email: 'ada@example.org' };
  const weak = expect.objectContaining({
    code: 'auth.password_weak',
    params: { errors: [{ pointer: '/password', detail: expect.stringMatching(/./) }] },
  });

  it('is judged for each of many at once, by its own words', async () => {
    const passwords = [
      'correct horse',
      'Password123!',
      'ada lovelace',
      'lanterns over quiet water',
      '12345678',
    ];
    const verdicts = await Promise.allSettled(passwords.map((password) => strength.require(password, ada)));
    expect(verdicts.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
      'rejected',
    ]);
  });

  it('refuses with advice', async () => {
    await expect(strength.require('Password123!', ada)).rejects.toEqual(weak);
  });

  it('does not hold up the thread that asks, however hostile the password', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await Promise.allSettled([
      strength.require('aB1!'.repeat(64), ada),
      strength.require('4@3!105$7+'.repeat(20), ada),
    ]);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  it('refuses work instead of piling it up', async () => {
    const many = Array.from({ length: 80 }, () => strength.require('correct horse', ada));
    const verdicts = await Promise.allSettled(many);
    const refused = verdicts.filter((verdict) => verdict.status === 'rejected');
    expect(refused).toHaveLength(16);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'overloaded' });
  });

  it('is judged again after the judge has ended, and whoever waited for that one is told', async () => {
    // Hostile, so that it is still being judged.
    const waiting = strength.require('4@3!105$7+'.repeat(20), ada);
    const told = expect(waiting).rejects.toThrow('ended');
    await strength.onApplicationShutdown();
    await told;
    await expect(strength.require('Password123!', ada)).rejects.toEqual(weak);
  });
});
