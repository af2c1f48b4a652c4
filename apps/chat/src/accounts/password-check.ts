import { Injectable } from '@nestjs/common';
import { DomainError } from '#platform';
import { LoginThrottle } from './login-throttle.js';
import { PasswordHasher } from './password-hasher.js';
import { PasswordStrength } from './password-strength.js';

/** Hashes new passwords and checks given ones, with the throttle that guessing meets. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly strength: PasswordStrength,
    private readonly throttle: LoginThrottle,
  ) {}

  /** Throws `auth.password_weak`. */
  async hashNew(password: string, person: { name: string; email: string | null }): Promise<string> {
    await this.strength.require(password, person);
    return this.hasher.hash(password);
  }

  /** Forgets failed attempts: whoever sets a new password has proven who they are. */
  async forgive(email: string): Promise<void> {
    await this.throttle.succeeded(email);
  }

  /** Throws `auth.invalid_credentials`; tells nobody whether the account exists. */
  async require(email: string, passwordHash: string | null | undefined, password: string): Promise<void> {
    await this.throttle.check(email);
    if (await this.hasher.matches(passwordHash, password)) return this.throttle.succeeded(email);
    await this.throttle.failed(email);
    throw new DomainError('auth.invalid_credentials');
  }
}
