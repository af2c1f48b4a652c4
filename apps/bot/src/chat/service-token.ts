import { ServiceToken, type UserId } from '#contracts';
import { RetryLater } from '#bus';
import type { Clock } from '#core';
import type { ChatHttp } from './chat-http.js';

/** Renewed so long before it expires, so that it never expires on the way. */
const RENEW_BEFORE_MS = 60_000;

type Held = { accessToken: string; userId: UserId; renewAt: number };

/** The bot's own access token, fetched when needed; callers that need a new one at once share one request. */
export class ServiceTokens {
  private held: Held | undefined;
  private fetching: Promise<Held> | undefined;

  constructor(
    private readonly http: ChatHttp,
    private readonly clientSecret: string,
    private readonly clock: Clock,
  ) {}

  async current(): Promise<{ accessToken: string; userId: UserId }> {
    if (this.held && this.clock.now().getTime() < this.held.renewAt) return this.held;
    this.fetching ??= this.fetch().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  /** Forgets a token that chat has refused; a newer one stays. */
  discard(accessToken: string): void {
    if (this.held?.accessToken === accessToken) this.held = undefined;
  }

  private async fetch(): Promise<Held> {
    const askedAt = this.clock.now().getTime();
    const reply = await this.http.post('/auth/token', { clientId: 'bot', clientSecret: this.clientSecret });
    // A wrong secret is the operator's to mend, and no reason to bury what people wrote meanwhile.
    if (!reply.ok) throw new RetryLater(`chat refuses the bot's credentials: ${reply.status}`);
    const { accessToken, expiresIn, userId } = ServiceToken.parse(await reply.json());
    this.held = { accessToken, userId, renewAt: askedAt + expiresIn * 1000 - RENEW_BEFORE_MS };
    return this.held;
  }
}
