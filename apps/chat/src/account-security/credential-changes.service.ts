import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Clock } from '#core';
import type { Tx } from '#db';
import { DomainError } from '#platform';
import type { MeRow } from '../accounts/user-row.js';
import { ProfileChanges } from '../profiles/profile-changes.js';
import { CredentialsRepository } from './credentials.repository.js';

/** Changes how a person signs in, and tells their devices what of it they show. */
@Injectable()
export class CredentialChanges {
  constructor(
    private readonly credentials: CredentialsRepository,
    private readonly profiles: ProfileChanges,
    private readonly clock: Clock,
  ) {}

  isTaken(tx: Tx, email: string): Promise<boolean> {
    return this.credentials.isTaken(tx, email);
  }

  async wantEmail(tx: Tx, userId: UserId, email: string): Promise<void> {
    await this.tell(tx, await this.credentials.wantEmail(tx, userId, email));
  }

  async verifyEmail(tx: Tx, userId: UserId, email: string): Promise<void> {
    await this.tell(tx, await this.credentials.verifyEmail(tx, userId, email, this.clock.now()));
  }

  /** Resolves to the former address. Throws `auth.link_invalid` and `auth.email_taken`. */
  async changeEmail(tx: Tx, userId: UserId, email: string): Promise<{ name: string; formerEmail: string }> {
    const changed = await this.credentials.changeEmail(tx, userId, email, this.clock.now());
    if (changed === 'taken') throw new DomainError('auth.email_taken');
    if (!changed) throw new DomainError('auth.link_invalid');
    const { formerEmail, ...row } = changed;
    await this.tell(tx, row);
    return { name: row.name, formerEmail };
  }

  /** Throws `auth.link_invalid` when the address is no longer theirs. */
  async resetPassword(tx: Tx, userId: UserId, email: string, passwordHash: string): Promise<void> {
    const row = await this.credentials.resetPassword(tx, userId, email, passwordHash, this.clock.now());
    if (!row) throw new DomainError('auth.link_invalid');
    await this.tell(tx, row);
  }

  async changePassword(tx: Tx, userId: UserId, passwordHash: string): Promise<void> {
    await this.tell(tx, await this.credentials.changePassword(tx, userId, passwordHash));
  }

  private async tell(tx: Tx, row: MeRow | null): Promise<void> {
    if (row) await this.profiles.announceToSelf(tx, row, this.clock.now());
  }
}
