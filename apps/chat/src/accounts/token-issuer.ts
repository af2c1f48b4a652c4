import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ServiceToken } from '#contracts';
import { Clock } from '#core';
import { CONFIG, DomainError } from '#platform';
import type { ChatConfig } from '../config.js';
import { BOT_SESSION_ID, BOT_USER_ID } from './bot-account.js';
import { ACCESS_TOKEN_TTL_S, SigningKey, type TokenSubject } from './signing-key.js';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Signs access tokens for people and for the bot service. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly key: SigningKey,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  async issue(subject: TokenSubject): Promise<{ accessToken: string; expiresIn: number }> {
    return { accessToken: await this.key.sign(subject, this.clock.now()), expiresIn: ACCESS_TOKEN_TTL_S };
  }

  async issueToBot(clientSecret: string): Promise<ServiceToken> {
    if (!timingSafeEqual(digest(clientSecret), digest(this.config.auth.botClientSecret))) {
      throw new DomainError('auth.invalid_credentials');
    }
    const subject: TokenSubject = { userId: BOT_USER_ID, sessionId: BOT_SESSION_ID, kind: 'bot' };
    return { ...(await this.issue(subject)), userId: BOT_USER_ID };
  }

  jwks(): { keys: Record<string, unknown>[] } {
    return { keys: [{ ...this.key.jwk }] };
  }
}
