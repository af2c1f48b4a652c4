import { Injectable } from '@nestjs/common';
import type { BothFactors, RecoveryCodes, TotpSecret, TwoFactor, UserId } from '#contracts';
import type { Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { Reauthentication } from '../accounts/reauthentication.service.js';
import { requirePerson } from '../accounts/person.js';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-code.js';
import { SecondFactorService } from './second-factor.service.js';
import { SecretBox } from './secret-box.js';
import { newTotpSecret, presentSecret, stepOf } from './totp.js';
import { TwoFactorState } from './two-factor-state.service.js';
import { TwoFactorRepository } from './two-factor.repository.js';

/** Turning the second factor on and off. */
@Injectable()
export class TwoFactorService {
  constructor(
    private readonly twoFactor: TwoFactorRepository,
    private readonly state: TwoFactorState,
    private readonly box: SecretBox,
    private readonly people: Reauthentication,
    private readonly secondFactor: SecondFactorService,
  ) {}

  async get(caller: Principal): Promise<TwoFactor> {
    requirePerson(caller);
    return this.state.of(caller.userId);
  }

  /** Starting again replaces a secret that was never confirmed. */
  async start(caller: Principal, password: string): Promise<TotpSecret> {
    const { email } = await this.people.require(caller, password);
    const secret = newTotpSecret();
    await this.state.change(caller.userId, async (tx) => {
      if ((await this.twoFactor.get(tx, caller.userId))?.confirmedAt)
        throw new DomainError('two_factor.already_on');
      await this.twoFactor.savePending(tx, caller.userId, this.box.seal(secret, caller.userId));
    });
    return presentSecret(secret, email);
  }

  async confirm(caller: Principal, code: string): Promise<RecoveryCodes> {
    requirePerson(caller);
    const { userId } = caller;
    const recoveryCodes = await this.secondFactor.attempt(userId, () =>
      this.state.change(userId, async (tx, now) => {
        const row = await this.twoFactor.get(tx, userId);
        if (!row) throw new DomainError('two_factor.not_started');
        if (row.confirmedAt) throw new DomainError('two_factor.already_on');
        const step = stepOf(this.box.open(row.secret, userId), code, now);
        if (step === null) throw new DomainError('auth.code_invalid');
        await this.twoFactor.confirm(tx, userId, step, now);
        return this.giveCodes(tx, userId);
      }),
    );
    return { recoveryCodes };
  }

  async disable(caller: Principal, proof: BothFactors): Promise<void> {
    await this.requireBoth(caller, proof);
    await this.state.change(caller.userId, async (tx) => this.twoFactor.remove(tx, caller.userId));
  }

  async renewRecoveryCodes(caller: Principal, proof: BothFactors): Promise<RecoveryCodes> {
    await this.requireBoth(caller, proof);
    const recoveryCodes = await this.state.change(caller.userId, async (tx) => {
      if (!(await this.twoFactor.get(tx, caller.userId))?.confirmedAt)
        throw new DomainError('two_factor.not_on');
      return this.giveCodes(tx, caller.userId);
    });
    return { recoveryCodes };
  }

  private async requireBoth(caller: Principal, { password, ...proof }: BothFactors): Promise<void> {
    await this.people.require(caller, password);
    if (!(await this.twoFactor.find(caller.userId))?.confirmedAt) throw new DomainError('two_factor.not_on');
    await this.secondFactor.require(caller.userId, proof);
  }

  private async giveCodes(tx: Tx, userId: UserId): Promise<string[]> {
    const codes = newRecoveryCodes();
    await this.twoFactor.replaceRecoveryCodes(tx, userId, codes.map(hashRecoveryCode));
    return codes;
  }
}
