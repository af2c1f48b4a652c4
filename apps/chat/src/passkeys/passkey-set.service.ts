import { Injectable } from '@nestjs/common';
import type { Passkeys, UserId } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { CredentialVersions } from '../credentials/credential-versions.service.js';
import { newEvent } from '../events/new-event.js';
import { presentPasskey, type PasskeyRow } from './passkey.js';
import { PasskeysRepository } from './passkeys.repository.js';

/** All passkeys of a person, and what their devices are told when they change. */
@Injectable()
export class PasskeySet {
  constructor(
    private readonly database: Database,
    private readonly passkeys: PasskeysRepository,
    private readonly versions: CredentialVersions,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  rows(userId: UserId): Promise<PasskeyRow[]> {
    return this.database.transaction((tx) => this.passkeys.list(tx, userId));
  }

  async of(userId: UserId): Promise<Passkeys> {
    const version = await this.versions.current(userId, 'passkeys');
    return { passkeys: (await this.rows(userId)).map(presentPasskey), version };
  }

  /** Makes a change: one at a time for each person, and announced with its outcome. */
  change<T>(userId: UserId, make: (tx: Tx, now: Date) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      const version = await this.versions.next(tx, userId, 'passkeys');
      const now = this.clock.now();
      const result = await make(tx, now);
      const passkeys = (await this.passkeys.list(tx, userId)).map(presentPasskey);
      const about = { workspaceId: null, actorId: userId, time: now };
      const event = newEvent('passkeys.updated', about, { passkeys, version });
      await this.outbox.append(tx, event, { scope: 'user', id: userId });
      return result;
    });
  }
}
