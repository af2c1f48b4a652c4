import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { fc, test } from '@fast-check/jest';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  accessTokenOf,
  AuthGuard,
  Caller,
  Public,
  remoteKeys,
  RevocationList,
  TokenVerifier,
  type Principal,
} from '#platform';
import { newId, testKeys, type TestKeys } from '#testing';
import { startSampleApp } from './sample-app.js';

const revocations = new RevocationList();
let keys: TestKeys;

@Controller('/api/v1')
class DoorController {
  @Get('me')
  me(@Caller() caller: Principal) {
    return caller;
  }

  @Public()
  @Get('open')
  open() {
    return { open: true };
  }

  @Public()
  @Get('confused')
  confused(@Caller() caller: Principal) {
    return caller;
  }
}

@Module({
  controllers: [DoorController],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: TokenVerifier, useFactory: () => new TokenVerifier(remoteKeys(keys.chatUrl), revocations) },
  ],
})
class DoorModule {}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('authentication', () => {
  let sample: Awaited<ReturnType<typeof startSampleApp>>;
  beforeAll(async () => {
    keys = await testKeys();
    sample = await startSampleApp(DoorModule);
  });
  afterAll(async () => {
    await sample.app.close();
    await keys.close();
  });

  const me = (headers: Record<string, string>) =>
    sample.app.inject({ method: 'GET', url: '/api/v1/me', headers });
  const bearer = (token: string) => me({ authorization: `Bearer ${token}` });
  const codeOf = async (reply: ReturnType<typeof me>) => {
    const { statusCode, headers, body } = await reply;
    if (statusCode === 401) expect(headers['www-authenticate']).toBe('Bearer');
    return (JSON.parse(body) as { code?: string }).code ?? statusCode;
  };

  it('lets a bearer in as who the token says', async () => {
    const [userId, sessionId] = [newId.user(), newId.session()];
    const token = await keys.sign({ userId, sessionId, kind: 'bot' });
    // The second time it is remembered.
    for (let i = 0; i < 2; i++) {
      const reply = await bearer(token);
      expect(reply.json()).toMatchObject({ userId, sessionId, kind: 'bot' });
    }
  });

  it('verifies with a key at hand as with one that is fetched', async () => {
    const userId = newId.user();
    const verifier = new TokenVerifier(keys.publicKey, revocations);
    expect(await verifier.verify(await keys.sign({ userId }))).toMatchObject({ userId, kind: 'user' });
    await expect(verifier.verify('nonsense')).rejects.toMatchObject({ code: 'auth.token_invalid' });
  });

  it('lets a browser in by its cookie, among others', async () => {
    const userId = newId.user();
    const cookie = `theme=dark; parley_access=${await keys.sign({ userId })}; x=y`;
    expect((await me({ cookie })).json()).toMatchObject({ userId });
  });

  it('does not fall back to the cookie when an Authorization header is there', async () => {
    const cookie = `parley_access=${await keys.sign()}`;
    expect(await codeOf(me({ cookie, authorization: 'Basic YWRhOmFkYQ==' }))).toBe('auth.unauthenticated');
  });

  it('takes no token from the URL', async () => {
    const token = await keys.sign();
    const reply = await sample.app.inject({
      method: 'GET',
      url: `/api/v1/me?access_token=${token}&token=${token}`,
    });
    expect(reply.statusCode).toBe(401);
  });

  it('refuses an anonymous caller, except on a public route', async () => {
    expect(await codeOf(me({}))).toBe('auth.unauthenticated');
    const open = await sample.app.inject({ method: 'GET', url: '/api/v1/open' });
    expect(open.json()).toEqual({ open: true });
  });

  it('has no caller on a public route', async () => {
    const reply = await sample.app.inject({ method: 'GET', url: '/api/v1/confused' });
    expect(reply.statusCode).toBe(401);
  });

  it('refuses an expired token, also one that expired while it was remembered', async () => {
    expect(await codeOf(bearer(await keys.sign({ expiresIn: -1 })))).toBe('auth.token_expired');
    // A token expires with a whole second, so of one that lasts for one there may be nothing left.
    const token = await keys.sign({ expiresIn: 3 });
    expect(await codeOf(bearer(token))).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await codeOf(bearer(token))).toBe('auth.token_expired');
  });

  it('refuses a token signed by another key', async () => {
    const other = await testKeys();
    const forged = await other.sign();
    await other.close();
    expect(await codeOf(bearer(forged))).toBe('auth.token_invalid');
  });

  it('refuses a token whose claims were changed', async () => {
    const [header, payload, signature] = (await keys.sign()).split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = base64({ ...claims, sub: newId.user() });
    expect(await codeOf(bearer(`${header}.${changed}.${signature}`))).toBe('auth.token_invalid');
  });

  it('refuses alg none and a token signed with the public key as a secret', async () => {
    const [, payload] = (await keys.sign()).split('.') as [string, string];
    const none = `${base64({ alg: 'none' })}.${payload}.`;
    expect(await codeOf(bearer(none))).toBe('auth.token_invalid');
    const head = `${base64({ alg: 'HS256' })}.${payload}`;
    const secret = (await (await fetch(keys.chatUrl)).json()) as { keys: [{ x: string }] };
    const mac = createHmac('sha256', Buffer.from(secret.keys[0].x, 'base64url')).update(head);
    expect(await codeOf(bearer(`${head}.${mac.digest('base64url')}`))).toBe('auth.token_invalid');
  });

  it.each([{ issuer: 'other' }, { audience: 'other' }, { userId: 'root' }, { kind: 'admin' as 'user' }])(
    'refuses a token that is ours but not for this: %j',
    async (claims) => {
      expect(await codeOf(bearer(await keys.sign(claims)))).toBe('auth.token_invalid');
    },
  );

  it('refuses a revoked session at once, also when its token is remembered', async () => {
    const [sessionId, other] = [newId.session(), newId.session()];
    const token = await keys.sign({ sessionId });
    expect(await codeOf(bearer(token))).toBe(200);
    revocations.add(sessionId);
    expect(await codeOf(bearer(token))).toBe('auth.session_revoked');
    expect(await codeOf(bearer(await keys.sign({ sessionId })))).toBe('auth.session_revoked');
    expect(await codeOf(bearer(await keys.sign({ sessionId: other })))).toBe(200);
  });

  test.prop([
    fc.oneof(
      fc.stringMatching(/^[\w.~+/-]{1,80}$/),
      fc
        .tuple(fc.json(), fc.json(), fc.base64String())
        .map(([header, payload, signature]) =>
          [
            Buffer.from(header).toString('base64url'),
            Buffer.from(payload).toString('base64url'),
            signature,
          ].join('.'),
        ),
    ),
  ])('never fails by a token that is nonsense', async (token) => {
    const verifier = new TokenVerifier(remoteKeys(keys.chatUrl), revocations);
    await expect((async () => verifier.verify(token))()).rejects.toMatchObject({
      code: 'auth.token_invalid',
    });
  });
});

describe('a verifier that cannot have the keys', () => {
  let server: Server;
  afterEach(() => {
    server.close();
  });

  it.each([
    ['answers 500', 500, '{}'],
    ['answers nonsense', 200, '<html>'],
    ['answers another document', 200, '{"hello":1}'],
  ])('does not blame the token when chat %s', async (_name, status, body) => {
    server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const signer = await testKeys();
    const verifier = new TokenVerifier(remoteKeys(url), revocations);
    await expect(verifier.verify(await signer.sign())).rejects.toMatchObject({ code: 'unavailable' });
    await signer.close();
  });

  it('does not blame the token when chat is down', async () => {
    server = createServer();
    const signer = await testKeys();
    const token = await signer.sign();
    await signer.close();
    const verifier = new TokenVerifier(remoteKeys(signer.chatUrl), revocations);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('accessTokenOf', () => {
  it.each([
    [{}, null],
    [{ authorization: 'Bearer a.b-c_d' }, 'a.b-c_d'],
    [{ authorization: 'bearer a.b' }, 'a.b'],
    [{ authorization: 'Bearer' }, null],
    [{ authorization: 'Bearer a b' }, null],
    [{ cookie: 'parley_access=a.b' }, 'a.b'],
    [{ cookie: 'xparley_access=a.b; =x; parley_access' }, null],
  ])('of %j is %s', (headers, token) => {
    expect(accessTokenOf(headers)).toBe(token);
  });
});
