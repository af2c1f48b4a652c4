import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#core';
import { LOGGER, type IntrospectedToken, type Logger } from '#platform';
import { hourToNote, type AccessTokenRow } from './access-token.js';
import { AccessTokenSet } from './access-token-set.service.js';
import { AccessTokensRepository } from './access-tokens.repository.js';

/** What a personal access token is, for all services. Whether it has expired is for them to see. */
@Injectable()
export class Introspection {
  constructor(
    private readonly tokens: AccessTokensRepository,
    private readonly set: AccessTokenSet,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async introspect(hash: Buffer): Promise<IntrospectedToken> {
    const row = await this.tokens.find(hash);
    if (!row) return null;
    const { id, userId, scopes, expiresAt } = row;
    void this.noteUse(row).catch((err: unknown) =>
      this.logger.warn({ err }, 'the use of a token could not be noted'),
    );
    return { id, userId, scopes, expiresAt: expiresAt?.toISOString() ?? null };
  }

  private async noteUse({ id, userId, expiresAt, lastUsedAt }: AccessTokenRow): Promise<void> {
    const now = this.clock.now();
    const hour = hourToNote(lastUsedAt, now);
    if (hour === null || (expiresAt && expiresAt <= now)) return;
    await this.set.change(userId, (tx) => this.tokens.noteUse(tx, id, hour));
  }
}
