import { LRUCache } from 'lru-cache';
import { IntrospectReply, rpcSubjects, type SessionId } from '#contracts';
import { accessTokenHash } from './access-token.js';
import { DomainError } from './domain-error.js';
import type { Principal } from './principal.js';

export type IntrospectedToken = IntrospectReply['token'];
/** Looks a token up by its SHA-256. */
export type Introspect = (hash: Buffer) => Promise<IntrospectedToken>;

/** Asks chat; `request` is an `RpcClient`'s. */
export const remoteAccessTokens =
  (request: (subject: string, body: unknown) => Promise<unknown>): Introspect =>
  async (hash) => {
    try {
      const reply = await request(rpcSubjects.introspect, { hash: hash.toString('base64url') });
      return IntrospectReply.parse(reply).token;
    } catch (cause) {
      throw new DomainError('unavailable', {}, { cause });
    }
  };

const CACHE = { max: 20_000, ttl: 60_000 };

/**
 * Personal access tokens. What is known of one is remembered for a minute at most; that it was revoked is
 * learnt at once by its id, from the list of revoked sessions, which whoever verifies looks at each time.
 */
export class AccessTokenVerifier {
  /** Tokens that don't exist are remembered too, or trying them would be a question to chat each time. */
  private readonly known: LRUCache<string, { token: IntrospectedToken }>;
  private readonly asked = new Map<string, Promise<IntrospectedToken>>();

  constructor(
    private readonly introspect: Introspect,
    cache: { max: number; ttl: number } = CACHE,
  ) {
    this.known = new LRUCache(cache);
  }

  /** Throws (or rejects with) `auth.token_invalid` or `unavailable`. */
  verify(text: string): Principal | Promise<Principal> {
    const known = this.known.get(text);
    if (known) return principalOf(known.token);
    const hash = accessTokenHash(text);
    if (!hash) throw new DomainError('auth.token_invalid');
    return this.ask(text, hash).then(principalOf);
  }

  /** Requests that come with the same token meanwhile share the answer. */
  private ask(text: string, hash: Buffer): Promise<IntrospectedToken> {
    const pending = this.asked.get(text);
    if (pending) return pending;
    const question = this.introspect(hash)
      .then((token) => {
        this.known.set(text, { token });
        return token;
      })
      .finally(() => this.asked.delete(text));
    this.asked.set(text, question);
    return question;
  }
}

const principalOf = (token: IntrospectedToken): Principal => {
  if (!token) throw new DomainError('auth.token_invalid');
  return {
    userId: token.userId,
    // A token is a session of its own to all who revoke or end sessions.
    sessionId: token.id as unknown as SessionId,
    kind: 'user',
    expiresAt: token.expiresAt === null ? Infinity : Date.parse(token.expiresAt),
    scopes: token.scopes,
  };
};
