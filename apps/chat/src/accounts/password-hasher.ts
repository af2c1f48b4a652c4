import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { DomainError } from '#platform';

/** OWASP's recommendation for argon2id (the library's default): 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const MAX_WAITING = 64;

/** argon2id on libuv's threads; refuses work instead of piling it up. */
@Injectable()
export class PasswordHasher {
  private waiting = 0;
  private readonly decoy = hash('the password of nobody', COST);

  hash(password: string): Promise<string> {
    return this.bounded(() => hash(password, COST));
  }

  /** Takes the same time whether or not there is a hash to compare with. */
  async matches(passwordHash: string | null | undefined, password: string): Promise<boolean> {
    const expected = passwordHash ?? (await this.decoy);
    const matches = await this.bounded(() => verify(expected, password));
    return matches && passwordHash != null;
  }

  private async bounded<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= MAX_WAITING) throw new DomainError('overloaded');
    this.waiting++;
    try {
      return await work();
    } finally {
      this.waiting--;
    }
  }
}
