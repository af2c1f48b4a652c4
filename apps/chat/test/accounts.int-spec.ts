import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { AuthResult, Session } from '#contracts';
import { Clock } from '#core';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('accounts', () => {
  let chat: RunningChat;
  beforeAll(async () => {
    chat = await RunningChat.start();
  });
  afterAll(() => chat.stop());

  const refresh = (refreshToken: string) =>
    chat.call<AuthResult>('POST /auth/refresh', { body: { refreshToken } });
  const passTime = (ms: number) => {
    const clock = chat.app.get(Clock);
    const shifted = Date.now() + ms;
    clock.now = () => new Date(shifted);
    return () => Reflect.deleteProperty(clock, 'now');
  };

  it('registers a person once per address, whatever its case', async () => {
    const body = { email: 'Grace@Example.org', name: ' Grace ', password: 'correct horse' };
    const first = await chat.call<AuthResult>('POST /auth/register', { body });
    expect(first.status).toBe(201);
    expect(first.body.user).toMatchObject({ email: 'grace@example.org', name: 'Grace', kind: 'user' });
    expect(decodeJwt(first.body.accessToken as string)).toMatchObject({
      sub: first.body.user.id,
      sid: first.body.sessionId,
    });
    const second = await chat.call('POST /auth/register', { body: { ...body, email: 'grace@example.org' } });
    expect([second.status, second.body.code]).toEqual([409, 'auth.email_taken']);
  });

  it('names every wrong field', async () => {
    const { status, body } = await chat.call('POST /auth/register', {
      body: { email: 'x', name: ' ', password: 'short', admin: true },
    });
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    expect(body.errors?.map((error) => error.pointer).sort()).toEqual([
      '/admin',
      '/email',
      '/name',
      '/password',
    ]);
  });

  it.each(['Password123!', 'lovelace1815', 'long enough', 'x'.repeat(256), 'qwertzuiop'])(
    'refuses the guessable password %.20s, with advice',
    async (password) => {
      const body = { email: `ada.lovelace-${Date.now()}@example.org`, name: 'Ada Lovelace', password };
      const reply = await chat.call('POST /auth/register', { body });
      expect([reply.status, reply.body.code]).toEqual([400, 'auth.password_weak']);
      expect(reply.body.errors).toEqual([{ pointer: '/password', detail: expect.stringMatching(/./) }]);
    },
  );

  it('takes one name for a strong password that is a weak one for its bearer', async () => {
    const register = (name: string) =>
      chat.call('POST /auth/register', {
        body: { email: `r-${name}@example.org`, name, password: 'zebulonquixby' },
      });
    expect((await register('zebulonquixby')).body.code).toBe('auth.password_weak');
    expect((await register('grace')).status).toBe(201);
  });

  it('lets in with the right password and with no other, known address or not', async () => {
    const ada = await chat.person();
    const login = (email: string, password: string) =>
      chat.call('POST /auth/login', { body: { email, password } });
    expect((await login(ada.email, 'correct horse')).status).toBe(200);
    expect((await login(ada.email, 'wrong')).body.code).toBe('auth.invalid_credentials');
    expect((await login('nobody@example.org', 'wrong')).body.code).toBe('auth.invalid_credentials');
  });

  it('slows down guessing of one account', async () => {
    const ada = await chat.person();
    const login = (password: string) =>
      chat.call('POST /auth/login', { body: { email: ada.email, password } });
    for (let i = 0; i < 10; i++) await login('wrong');
    const { status, headers } = await login('correct horse');
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  it('keeps a browser’s tokens in cookies that script and other sites can not use', async () => {
    const ada = await chat.person();
    const { body, headers } = await chat.call<AuthResult>('POST /auth/login', {
      body: { email: ada.email, password: 'correct horse', transport: 'cookie' },
    });
    expect(body.accessToken).toBeUndefined();
    const cookies = headers['set-cookie'] as string[];
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly; Secure; SameSite=Strict/);
    const cookie = cookies.map((line) => line.split(';')[0]).join('; ');
    expect((await chat.call('GET /me', { headers: { cookie } })).status).toBe(200);
    const again = await chat.call<AuthResult>('POST /auth/refresh', { body: {}, headers: { cookie } });
    expect([again.status, again.body.accessToken]).toEqual([200, undefined]);
  });

  it('rotates refresh tokens and forgives two tabs that refresh at once', async () => {
    const ada = await chat.person();
    const [one, two] = await Promise.all([refresh(ada.refreshToken), refresh(ada.refreshToken)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(one.body.refreshToken).not.toBe(two.body.refreshToken);
  });

  it('revokes the session when a refresh token comes back later', async () => {
    const ada = await chat.person();
    const next = await refresh(ada.refreshToken);
    const restore = passTime(60_000);
    try {
      expect((await refresh(ada.refreshToken)).body.code).toBe('auth.refresh_reused');
      expect((await refresh(next.body.refreshToken as string)).body.code).toBe('auth.refresh_invalid');
    } finally {
      restore();
    }
    expect((await chat.call('GET /me', { token: ada.token })).body.code).toBe('auth.session_revoked');
  });

  it('ends a session that was not used for too long', async () => {
    const ada = await chat.person();
    const restore = passTime(31 * 86_400_000);
    expect((await refresh(ada.refreshToken)).body.code).toBe('auth.refresh_invalid');
    restore();
  });

  it('refuses unknown refresh tokens and requests without one', async () => {
    expect((await refresh('nonsense')).body.code).toBe('auth.refresh_invalid');
    expect((await chat.call('POST /auth/refresh', { body: {} })).body.code).toBe('auth.refresh_invalid');
  });

  it('lists my live sessions and revokes one of them everywhere, at once', async () => {
    const ada = await chat.person();
    const other = await chat.call<AuthResult>('POST /auth/login', {
      body: { email: ada.email, password: 'correct horse' },
    });
    const list = async () =>
      (await chat.call<{ data: Session[] }>('GET /sessions', { token: ada.token })).body.data;
    expect((await list()).map((session) => session.current).sort()).toEqual([false, true]);
    const second = await chat.second();
    const meThere = () => chat.call('GET /me', { token: other.body.accessToken as string }, second);
    expect((await meThere()).status).toBe(200);
    expect((await chat.call(`DELETE /sessions/${other.body.sessionId}`, { token: ada.token })).status).toBe(
      204,
    );
    expect((await chat.call('GET /me', { token: other.body.accessToken as string })).status).toBe(401);
    await eventually(async () => expect((await meThere()).status).toBe(401));
    expect(await list()).toHaveLength(1);
  });

  it('ends all my sessions but this one, and no one else’s', async () => {
    const [ada, bob] = [await chat.person(), await chat.person('Bob')];
    const others = await Promise.all(
      [1, 2].map(() =>
        chat.call<AuthResult>('POST /auth/login', { body: { email: ada.email, password: 'correct horse' } }),
      ),
    );
    const before = (await chat.allEvents()).length;
    expect((await chat.call('DELETE /sessions', { token: ada.token })).status).toBe(204);
    for (const { body } of others) {
      expect((await chat.call('GET /me', { token: body.accessToken })).body.code).toBe(
        'auth.session_revoked',
      );
      expect((await refresh(body.refreshToken as string)).body.code).toBe('auth.refresh_invalid');
    }
    for (const { token } of [ada, bob]) expect((await chat.call('GET /me', { token })).status).toBe(200);
    await eventually(async () => {
      const revoked = (await chat.events()).slice(before).map(({ type, data }) => [type, data]);
      const expected = others.map(({ body }) => ['session.revoked', { sessionId: body.sessionId }]);
      expect(revoked).toHaveLength(2);
      expect(revoked).toEqual(expect.arrayContaining(expected));
    });
  });

  it('names the device of a session', async () => {
    const ada = await chat.person();
    const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    await chat.call('POST /auth/login', {
      body: { email: ada.email, password: 'correct horse' },
      headers: { 'user-agent': userAgent },
    });
    const { body } = await chat.call<{ data: Session[] }>('GET /sessions', { token: ada.token });
    expect(body.data.map(({ device }) => device)).toContain('Firefox on Linux');
  });

  it('does not revoke a session of someone else', async () => {
    const [ada, bob] = [await chat.person(), await chat.person('Bob')];
    expect((await chat.call(`DELETE /sessions/${ada.sessionId}`, { token: bob.token })).body.code).toBe(
      'session.not_found',
    );
    expect((await chat.call('GET /me', { token: ada.token })).status).toBe(200);
  });

  it('a process that starts later knows the sessions revoked before', async () => {
    const ada: Person = await chat.person();
    await chat.call('POST /auth/logout', { token: ada.token });
    const late = await chat.second();
    expect((await chat.call('GET /me', { token: ada.token }, late)).body.code).toBe('auth.session_revoked');
  });

  it('issues tokens to the bot service for its secret only', async () => {
    const token = (clientSecret: string) =>
      chat.call<{ accessToken: string }>('POST /auth/token', { body: { clientId: 'bot', clientSecret } });
    expect((await token('x'.repeat(40))).body.code).toBe('auth.invalid_credentials');
    const { body } = await token(chat.botSecret);
    expect((await chat.call('GET /me', { token: body.accessToken })).body).toMatchObject({ kind: 'bot' });
  });

  it('publishes the public half of its key and nothing more', async () => {
    const { body } = await chat.call<{ keys: Record<string, unknown>[] }>('GET /auth/jwks');
    expect(body.keys).toHaveLength(1);
    expect(body.keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' });
    expect(body.keys[0]).not.toHaveProperty('d');
  });
});
