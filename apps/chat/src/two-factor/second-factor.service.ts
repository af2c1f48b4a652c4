import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Clock } from '#core';
import { DomainError } from '#platform';
import { SecondFactor } from '../accounts/second-factor.js';
import { AttemptLimit } from '../credentials/attempt-limit.js';
import { OneTimeValues } from '../credentials/one-time-values.js';
import { hashRecoveryCode } from './recovery-code.js';
import { SecretBox } from './secret-box.js';
import { stepOf } from './totp.js';
import { TwoFactorState } from './two-factor-state.service.js';
import { TwoFactorRepository } from './two-factor.repository.js';

export type Proof = { code?: string | undefined; recoveryCode?: string | undefined };
const PURPOSE = 'two-factor';
const CHALLENGE_S = 5 * 60;
/** A challenge is for who knew the password at that time: it ends with the password. */
const holderOf = (userId: UserId, passwordHash: string | null) =>
  `${userId} ${createHash('sha256')
    .update(passwordHash ?? '')
    .digest('base64url')}`;

/** The step between the right password and a session, and the codes it takes. */
@Injectable()
export class SecondFactorService extends SecondFactor {
  constructor(
    private readonly twoFactor: TwoFactorRepository,
    private readonly state: TwoFactorState,
    private readonly box: SecretBox,
    private readonly challenges: OneTimeValues,
    private readonly attempts: AttemptLimit,
    private readonly clock: Clock,
  ) {
    super();
  }

  async demand(userId: UserId, passwordHash: string | null): Promise<void> {
    if (!(await this.twoFactor.find(userId))?.confirmedAt) return;
    const challenge = randomBytes(32).toString('base64url');
    await this.challenges.put(PURPOSE, challenge, holderOf(userId, passwordHash), CHALLENGE_S);
    throw new DomainError('auth.two_factor_required', { challenge });
  }

  /** Who has answered the challenge. It survives a wrong code, for that is mostly a slip of the finger. */
  async answer(challenge: string, proof: Proof): Promise<UserId> {
    const holder = await this.challenges.peek(PURPOSE, challenge);
    const userId = holder?.split(' ')[0] as UserId | undefined;
    if (!userId || holder !== holderOf(userId, await this.twoFactor.passwordHash(userId)))
      throw new DomainError('auth.challenge_invalid');
    await this.require(userId, proof);
    if (!(await this.challenges.take(PURPOSE, challenge))) throw new DomainError('auth.challenge_invalid');
    return userId;
  }

  /** Uses a code up, or throws `auth.code_invalid`. */
  async require(userId: UserId, { code, recoveryCode }: Proof): Promise<void> {
    await this.attempt(userId, () =>
      code !== undefined ? this.useCode(userId, code) : this.useRecoveryCode(userId, recoveryCode ?? ''),
    );
  }

  /** Counts `judge` among the attempts of this person until one succeeds. */
  async attempt<T>(userId: UserId, judge: () => Promise<T>): Promise<T> {
    await this.attempts.take(userId);
    const result = await judge();
    await this.attempts.succeeded(userId);
    return result;
  }

  private async useCode(userId: UserId, code: string): Promise<void> {
    const row = await this.twoFactor.find(userId);
    const step = row?.confirmedAt ? stepOf(this.box.open(row.secret, userId), code, this.clock.now()) : null;
    if (step === null || !(await this.twoFactor.useStep(userId, step)))
      throw new DomainError('auth.code_invalid');
  }

  private useRecoveryCode(userId: UserId, code: string): Promise<void> {
    return this.state.change(userId, async (tx) => {
      if (!(await this.twoFactor.useRecoveryCode(tx, userId, hashRecoveryCode(code))))
        throw new DomainError('auth.code_invalid');
    });
  }
}
