import { Injectable } from '@nestjs/common';
import type { AccessTokens, UserId } from '#contracts';
import { Clock } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { CredentialVersions } from '../credentials/credential-versions.service.js';
import { newEvent } from '../events/new-event.js';
import { presentAccessToken } from './access-token.js';
import { AccessTokensRepository } from './access-tokens.repository.js';

/** All personal access tokens of a person, and what their devices are told when they change. */
@Injectable()
export class AccessTokenSet {
  constructor(
    private readonly database: Database,
    private readonly tokens: AccessTokensRepository,
    private readonly versions: CredentialVersions,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async of(userId: UserId): Promise<AccessTokens> {
    const version = await this.versions.current(userId, 'access_tokens');
    const rows = await this.database.transaction((tx) => this.tokens.list(tx, userId));
    return { accessTokens: rows.map(presentAccessToken), version };
  }

  /** Makes a change: one at a time for each person, and announced with its outcome. */
  change<T>(userId: UserId, make: (tx: Tx, now: Date) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      const version = await this.versions.next(tx, userId, 'access_tokens');
      const now = this.clock.now();
      const result = await make(tx, now);
      const accessTokens = (await this.tokens.list(tx, userId)).map(presentAccessToken);
      const about = { workspaceId: null, actorId: userId, time: now };
      const event = newEvent('access_tokens.updated', about, { accessTokens, version });
      await this.outbox.append(tx, event, { scope: 'user', id: userId });
      return result;
    });
  }
}
