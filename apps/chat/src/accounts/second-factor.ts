import type { UserId } from '#contracts';

/** Asked once the password was right. What it is, is the business of whoever provides it. */
export abstract class SecondFactor {
  /**
   * Throws `auth.two_factor_required` when this person's password alone opens no session. What it asks
   * for then is good as long as `passwordHash`, that of the password which was right, is theirs.
   */
  abstract demand(userId: UserId, passwordHash: string | null): Promise<void>;
}
