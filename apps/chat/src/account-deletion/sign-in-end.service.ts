import { Injectable } from '@nestjs/common';
import type { SessionId, UserId } from '#contracts';
import type { Tx } from '#db';
import { AccessTokensService } from '../access-tokens/access-tokens.service.js';
import { SessionsService } from '../accounts/sessions.service.js';
import { AccountDeletionRepository } from './account-deletion.repository.js';

/** Ends every way into an account, and deletes what was its own. */
@Injectable()
export class SignInEnd {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: AccessTokensService,
    private readonly deletion: AccountDeletionRepository,
  ) {}

  /** `announce` what it returns after the commit. */
  async end(tx: Tx, userId: UserId, now: Date): Promise<SessionId[]> {
    const sessions = await this.sessions.revokeAllIn(tx, userId, null);
    const tokens = await this.tokens.revokeAllIn(tx, userId, now);
    await this.deletion.deletePersonalRows(tx, userId);
    return [...sessions, ...tokens];
  }

  announce(revoked: readonly SessionId[]): Promise<void> {
    return this.sessions.announce(revoked);
  }
}
