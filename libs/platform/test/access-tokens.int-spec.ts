import { Controller, Get, Module, Post } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  accessTokenHash,
  AccessTokenVerifier,
  AuthGuard,
  Caller,
  newAccessToken,
  remoteAccessTokens,
  RevocationList,
  TokenVerifier,
  type IntrospectedToken,
  type Principal,
} from '#platform';
import { newId, testKeys, type TestKeys } from '#testing';
import { startSampleApp } from './sample-app.js';

/** Routes that contracts have, and one that they have not. */
@Controller('/api/v1')
class SomeController {
  @Get('me')
  me(@Caller() caller: Principal) {
    return caller;
  }

  @Get('sessions')
  sessions() {
    return {};
  }

  @Post('workspaces')
  create() {
    return {};
  }

  @Get('hidden')
  hidden() {
    return {};
  }
}

describe('personal access tokens', () => {
  let keys: TestKeys;
  let app: Awaited<ReturnType<typeof startSampleApp>>['app'];
  const revocations = new RevocationList();
  const tokens = new Map<string, IntrospectedToken>();
  let questions = 0;
  let answer: () => Promise<void> = () => Promise.resolve();
  const TTL = 1500;

  const verifier = () =>
    new AccessTokenVerifier(
      async (hash) => {
        questions++;
        const token = tokens.get(hash.toString('hex')) ?? null;
        await answer();
        return token;
      },
      { max: 100, ttl: TTL },
    );
  const make = (scopes: string[], expiresAt: string | null = null) => {
    const token = newAccessToken();
    const facts = { id: newId.session() as never, userId: newId.user(), scopes, expiresAt };
    tokens.set((accessTokenHash(token) as Buffer).toString('hex'), facts);
    return { token, ...facts };
  };
  const ask = async (token: string, url = '/api/v1/me', method: 'GET' | 'POST' | 'HEAD' = 'GET') => {
    const reply = await app.inject({ method, url, headers: { authorization: `Bearer ${token}` } });
    const body = (reply.body ? JSON.parse(reply.body) : {}) as { code?: string; scope?: string } & Principal;
    return { status: reply.statusCode, ...body };
  };

  beforeAll(async () => {
    keys = await testKeys();
    @Module({
      controllers: [SomeController],
      providers: [
        { provide: APP_GUARD, useClass: AuthGuard },
        {
          provide: TokenVerifier,
          useFactory: () => new TokenVerifier(keys.publicKey, revocations, verifier()),
        },
      ],
    })
    class SomeModule {}
    ({ app } = await startSampleApp(SomeModule));
  });
  afterAll(async () => {
    await app.close();
    await keys.close();
  });
  beforeEach(() => {
    questions = 0;
    answer = () => Promise.resolve();
  });

  it('are their person, within their scopes', async () => {
    const { token, id, userId } = make(['account:read']);
    expect(await ask(token)).toMatchObject({ status: 200, userId, sessionId: id, scopes: ['account:read'] });
    expect(await ask(token, '/api/v1/me', 'HEAD')).toMatchObject({ status: 200 });
    expect(await ask(token, '/api/v1/workspaces', 'POST')).toMatchObject({
      status: 403,
      code: 'permission.scope_missing',
      scope: 'workspaces:write',
    });
    expect(await ask(make(['workspaces:write']).token, '/api/v1/workspaces', 'POST')).toMatchObject({
      status: 201,
    });
  });

  it('never reach what wants a session, nor what contracts do not know, whatever their scopes', async () => {
    const { token } = make(['*']);
    expect(await ask(token)).toMatchObject({ status: 200 });
    for (const path of ['/api/v1/sessions', '/api/v1/hidden'])
      expect(await ask(token, path)).toMatchObject({ status: 403, code: 'auth.session_required' });
    const session = await keys.sign();
    for (const path of ['/api/v1/sessions', '/api/v1/hidden'])
      expect(await ask(session, path)).toMatchObject({ status: 200 });
  });

  it('are asked about once while remembered, also by many at once, then again', async () => {
    const { token } = make(['*']);
    await Promise.all(Array.from({ length: 20 }, () => ask(token)));
    await ask(token);
    expect(questions).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, TTL + 50));
    await ask(token);
    expect(questions).toBe(2);
  });

  it('are refused at once when revoked, although remembered, and when that happens during the question', async () => {
    const [remembered, asked] = [make(['*']), make(['*'])];
    expect(await ask(remembered.token)).toMatchObject({ status: 200 });
    revocations.add(remembered.id);
    expect(await ask(remembered.token)).toMatchObject({ status: 401, code: 'auth.session_revoked' });
    answer = () => Promise.resolve(revocations.add(asked.id));
    expect(await ask(asked.token)).toMatchObject({ status: 401, code: 'auth.session_revoked' });
  });

  it('are refused from the moment they expire', async () => {
    const { token } = make(['*'], new Date(Date.now() + 1000).toISOString());
    expect(await ask(token)).toMatchObject({ status: 200 });
    await new Promise((resolve) => setTimeout(resolve, 1010));
    expect(await ask(token)).toMatchObject({ status: 401, code: 'auth.token_expired' });
    expect(questions).toBe(1);
  });

  it('that were never made are refused, without a question when their checksum tells', async () => {
    const unknown = newAccessToken();
    for (const _ of [1, 2])
      expect(await ask(unknown)).toMatchObject({ status: 401, code: 'auth.token_invalid' });
    expect(questions).toBe(1);
    expect(await ask(`${unknown.slice(0, -1)}~`)).toMatchObject({ status: 401, code: 'auth.token_invalid' });
    expect(await ask('parley_pat_')).toMatchObject({ status: 401, code: 'auth.token_invalid' });
    expect(questions).toBe(1);
  });

  it('are unavailable, not invalid, while nobody can say; the next question may succeed', async () => {
    const { token } = make(['*']);
    const verify = new AccessTokenVerifier(
      remoteAccessTokens((_subject, _body) =>
        questions++ === 0
          ? Promise.reject(new Error('timeout'))
          : Promise.resolve({ token: tokens.get((accessTokenHash(token) as Buffer).toString('hex')) }),
      ),
    );
    await expect(verify.verify(token)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(verify.verify(token)).resolves.toMatchObject({ scopes: ['*'] });
  });

  it('are invalid where no service knows any', () => {
    const plain = new TokenVerifier(keys.publicKey, revocations);
    expect(() => plain.verify(newAccessToken())).toThrow(
      expect.objectContaining({ code: 'auth.token_invalid' }),
    );
  });
});
