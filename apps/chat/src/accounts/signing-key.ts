import { createPrivateKey, createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { SessionId, UserId } from '#contracts';
import { ACCESS_TOKEN_TTL_MS, TOKEN_ALGORITHM, TOKEN_AUDIENCE, TOKEN_ISSUER } from '#platform';

/** Seconds an access token lives. */
export const ACCESS_TOKEN_TTL_S = ACCESS_TOKEN_TTL_MS / 1000;

export type TokenSubject = { userId: UserId; sessionId: SessionId; kind: 'user' | 'bot' };

/** The Ed25519 key that signs access tokens; `jwk` is its public half, as others verify with it. */
export class SigningKey {
  private constructor(
    private readonly privateKey: CryptoKey,
    readonly publicKey: CryptoKey,
    readonly jwk: JWK,
  ) {}

  static async fromPem(pem: string): Promise<SigningKey> {
    const secret = createPrivateKey(pem);
    const jwk = await exportJWK(createPublicKey(secret));
    const kid = await calculateJwkThumbprint(jwk);
    const privateKey = (await importJWK({
      ...secret.export({ format: 'jwk' }),
      alg: TOKEN_ALGORITHM,
    })) as CryptoKey;
    const publicKey = (await importJWK({ ...jwk, alg: TOKEN_ALGORITHM })) as CryptoKey;
    return new SigningKey(privateKey, publicKey, { ...jwk, kid, alg: TOKEN_ALGORITHM, use: 'sig' });
  }

  sign(subject: TokenSubject, now: Date): Promise<string> {
    const issuedAt = Math.floor(now.getTime() / 1000);
    return new SignJWT({ sid: subject.sessionId, kind: subject.kind })
      .setProtectedHeader({ alg: TOKEN_ALGORITHM, kid: this.jwk.kid as string, typ: 'JWT' })
      .setSubject(subject.userId)
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ACCESS_TOKEN_TTL_S)
      .sign(this.privateKey);
  }
}
