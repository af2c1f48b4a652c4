import { Injectable } from '@nestjs/common';
import { Clock } from '#core';
import { Database } from '#db';
import type { Principal } from '#platform';
import { Reauthentication } from '../accounts/reauthentication.service.js';
import { AccountErasure } from './account-erasure.service.js';
import { SignInEnd } from './sign-in-end.service.js';
import { Succession } from './succession.service.js';

/** The end of an account, in one transaction: after a crash it is there as it was, or it is gone. */
@Injectable()
export class AccountDeletionService {
  constructor(
    private readonly database: Database,
    private readonly reauthentication: Reauthentication,
    private readonly succession: Succession,
    private readonly erasure: AccountErasure,
    private readonly signIn: SignInEnd,
    private readonly clock: Clock,
  ) {}

  /** Throws `auth.password_wrong` and `account.sole_owner`. */
  async delete(caller: Principal, password: string): Promise<void> {
    await this.reauthentication.require(caller, password);
    const { userId } = caller;
    const revoked = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      await this.succession.require(tx, userId);
      await this.erasure.erase(tx, userId, now);
      return this.signIn.end(tx, userId, now);
    });
    await this.signIn.announce(revoked);
  }
}
