import { Injectable } from '@nestjs/common';
import { DomainError, type Principal } from '#platform';
import { AccountsRepository } from './accounts.repository.js';
import { PasswordCheck } from './password-check.js';

/** Proof that the person, and not only their session, is there: for what guards the account. */
@Injectable()
export class Reauthentication {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly passwords: PasswordCheck,
  ) {}

  /** Throws `permission.denied` for bots and `auth.password_wrong`; resolves to the name of the account. */
  async require(caller: Principal, password: string): Promise<{ email: string; name: string }> {
    const user = await this.accounts.findUser(caller.userId);
    if (!user?.email || user.kind !== 'user') throw new DomainError('permission.denied');
    try {
      await this.passwords.require(user.email, user.passwordHash, password);
    } catch (error) {
      const wrong = error instanceof DomainError && error.code === 'auth.invalid_credentials';
      throw wrong ? new DomainError('auth.password_wrong') : error;
    }
    return { email: user.email, name: user.name };
  }
}
