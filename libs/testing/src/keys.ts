import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportPKCS8, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { SessionId, UserId } from '#contracts';
import { uuidv7 } from '#core';

export type TokenClaims = {
  userId?: string;
  sessionId?: string;
  kind?: 'user' | 'bot';
  /** Seconds, negative for a token that has expired. */
  expiresIn?: number;
  issuer?: string;
  audience?: string;
};

export type TestKeys = {
  publicKey: CryptoKey;
  /** For AUTH_SIGNING_KEY. */
  privatePem: string;
  /** For CHAT_URL: serves the JWKS where chat would. */
  chatUrl: string;
  sign(claims?: TokenClaims): Promise<string>;
  close(): Promise<void>;
};

/** The Ed25519 keys of an instance, and a server that publishes the public one. */
export const testKeys = async (): Promise<TestKeys> => {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: uuidv7(), alg: 'EdDSA', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    publicKey,
    privatePem: await exportPKCS8(privateKey),
    chatUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sign: ({
      userId = UserId.parse(uuidv7()),
      sessionId = SessionId.parse(uuidv7()),
      kind = 'user',
      expiresIn = 600,
      issuer = 'parley',
      audience = 'parley',
    } = {}) =>
      new SignJWT({ sid: sessionId, kind })
        .setProtectedHeader({ alg: 'EdDSA', kid: jwk.kid })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn)
        .sign(privateKey),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
