import { Injectable } from '@nestjs/common';
import type { TwoFactor, UserId } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { CredentialVersions } from '../credentials/credential-versions.service.js';
import { newEvent } from '../events/new-event.js';
import { TwoFactorRepository } from './two-factor.repository.js';

/** What people see of their second factor, and what their devices are told when it changes. */
@Injectable()
export class TwoFactorState {
  constructor(
    private readonly database: Database,
    private readonly twoFactor: TwoFactorRepository,
    private readonly versions: CredentialVersions,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async of(userId: UserId): Promise<TwoFactor> {
    const version = await this.versions.current(userId, 'two_factor');
    return this.database.transaction((tx) => this.read(tx, userId, version));
  }

  /** Makes a change: one at a time for each person, and announced with its outcome. */
  change<T>(userId: UserId, make: (tx: Tx, now: Date) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      const version = await this.versions.next(tx, userId, 'two_factor');
      const now = this.clock.now();
      const result = await make(tx, now);
      const twoFactor = await this.read(tx, userId, version);
      const about = { workspaceId: null, actorId: userId, time: now };
      await this.outbox.append(tx, newEvent('two_factor.updated', about, { twoFactor }), {
        scope: 'user',
        id: userId,
      });
      return result;
    });
  }

  private async read(tx: Tx, userId: UserId, version: number): Promise<TwoFactor> {
    const row = await this.twoFactor.get(tx, userId);
    const recoveryCodesLeft = await this.twoFactor.countRecoveryCodes(tx, userId);
    return { totp: row ? (row.confirmedAt ? 'on' : 'pending') : 'off', recoveryCodesLeft, version };
  }
}
