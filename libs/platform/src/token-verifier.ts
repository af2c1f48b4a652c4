import { createRemoteJWKSet, errors, jwtVerify, type CryptoKey, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { z, ZodError } from 'zod';
import { SessionId, UserId } from '#contracts';
import { isAccessToken } from './access-token.js';
import type { AccessTokenVerifier } from './access-token-verifier.js';
import { DomainError } from './domain-error.js';
import type { Principal } from './principal.js';
import type { RevocationList } from './revocation-list.js';

export const TOKEN_ISSUER = 'parley';
export const TOKEN_AUDIENCE = 'parley';
export const TOKEN_ALGORITHM = 'EdDSA';

const Claims = z.object({ sub: UserId, sid: SessionId, kind: z.enum(['user', 'bot']), exp: z.int() });

export const remoteKeys = (chatUrl: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(`${chatUrl}/api/v1/auth/jwks`), {
    cooldownDuration: 1000,
    timeoutDuration: 3000,
  });

/** Keys that can't be had (chat is down, answers 500 or nonsense) say nothing about the token. */
const keysFailed = ['ERR_JOSE_GENERIC', errors.JWKSTimeout.code, errors.JWKSInvalid.code];
const isTokensFault = (error: unknown): boolean =>
  error instanceof ZodError || (error instanceof errors.JOSEError && !keysFailed.includes(error.code));

/**
 * Verifies access tokens: of sessions (JWT, EdDSA) and, where `accessTokens` are given, personal ones. A verified token is remembered until it expires, which is 45 times
 * as fast as verifying; revocation is checked each time.
 */
export class TokenVerifier {
  private readonly verified = new LRUCache<string, Principal>({ max: 50_000 });

  constructor(
    private readonly keys: JWTVerifyGetKey | CryptoKey,
    private readonly revocations: RevocationList,
    private readonly accessTokens: AccessTokenVerifier | null = null,
  ) {}

  /** Throws (or rejects with) `auth.token_invalid`, `auth.token_expired` or `auth.session_revoked`. */
  verify(token: string): Principal | Promise<Principal> {
    if (isAccessToken(token)) return this.verifyPersonal(token);
    const known = this.verified.get(token);
    return known ? this.checked(known) : this.verifySignature(token);
  }

  private verifyPersonal(token: string): Principal | Promise<Principal> {
    if (!this.accessTokens) throw new DomainError('auth.token_invalid');
    const principal = this.accessTokens.verify(token);
    return principal instanceof Promise
      ? principal.then((verified) => this.checked(verified))
      : this.checked(principal);
  }

  private checked(principal: Principal): Principal {
    if (principal.expiresAt <= Date.now()) throw new DomainError('auth.token_expired');
    if (this.revocations.has(principal.sessionId)) throw new DomainError('auth.session_revoked');
    return principal;
  }

  private async verifySignature(token: string): Promise<Principal> {
    const options = { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, algorithms: [TOKEN_ALGORITHM] };
    try {
      const { payload } =
        typeof this.keys === 'function'
          ? await jwtVerify(token, this.keys, options)
          : await jwtVerify(token, this.keys, options);
      const claims = Claims.parse(payload);
      const principal = {
        userId: claims.sub,
        sessionId: claims.sid,
        kind: claims.kind,
        expiresAt: claims.exp * 1000,
        scopes: null,
      };
      this.verified.set(token, principal);
      return this.checked(principal);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      if (error instanceof errors.JWTExpired) throw new DomainError('auth.token_expired');
      if (isTokensFault(error)) throw new DomainError('auth.token_invalid');
      throw new DomainError('unavailable', {}, { cause: error });
    }
  }
}
