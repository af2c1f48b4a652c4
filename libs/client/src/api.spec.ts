import { describe, expect, it } from '@jest/globals';
import { expiring, failureOf, origin, setup, type Handler } from '../test/api-harness.js';
import { channelId, json, problem, settle } from '../test/fakes.js';
import type { Api } from './api.js';

const send = { clientMessageId: '5f0c6a3e-8d5b-4a53-9a35-1f7b8f3d2c11' as never, text: 'hi' };

describe('createApi', () => {
  it('sends path, query and body where they belong, with cookies', async () => {
    const { api, requests } = setup(() => json({ data: [], nextCursor: null }));
    await api.listMessages({ path: { channelId: channelId(1) }, query: { before: 7, limit: 20 } });
    await api.sendMessage({ path: { channelId: channelId(1) }, body: send });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${origin}/api/v1/channels/${channelId(1)}/messages?before=7&limit=20`,
      `POST ${origin}/api/v1/channels/${channelId(1)}/messages`,
    ]);
    expect(await requests[1]?.json()).toEqual(send);
    expect(requests[1]?.headers.get('content-type')).toBe('application/json');
    expect(requests.every(({ credentials }) => credentials === 'include')).toBe(true);
  });

  it('gives the body, and nothing for 204', async () => {
    const { api } = setup((_, path) =>
      path === '/me' ? json({ name: 'Ada' }) : new Response(null, { status: 204 }),
    );
    expect(await api.getMe()).toEqual({ name: 'Ada' });
    expect(await api.logout()).toBeUndefined();
  });

  it('throws the problem of an error reply', async () => {
    const { api } = setup(() => problem('channel.not_member', { 'retry-after': '3' }));
    const failure = await failureOf(api.sendMessage({ path: { channelId: channelId(1) }, body: send }));
    expect(failure).toMatchObject({
      status: 403,
      code: 'channel.not_member',
      retryAfterMs: 3_000,
      isTransient: false,
    });
    expect(failure.problem.traceId).toBe('trace');
  });

  it.each([
    [502, 'unavailable'],
    [429, 'rate_limited'],
    [500, 'internal'],
  ])('makes a problem of a page with status %i', async (status, code) => {
    const { api } = setup(() => new Response('<html>', { status }));
    expect(await failureOf(api.getMe())).toMatchObject({ status, code, isTransient: true });
  });

  it('lets a network failure through as it is', async () => {
    const { api } = setup(() => Promise.reject(new TypeError('network')));
    await expect(api.getMe()).rejects.toThrow(TypeError);
  });

  it('gives up a request that takes too long', async () => {
    const hang: Handler = (request) =>
      new Promise((_, reject) =>
        request.signal.addEventListener('abort', () => reject(request.signal.reason as Error)),
      );
    const { api } = setup(hang, { timeoutMs: 5 });
    await expect(api.getMe()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    const hang: Handler = (request) =>
      new Promise((_, reject) =>
        request.signal.addEventListener('abort', () => reject(request.signal.reason as Error)),
      );
    const { api } = setup(hang);
    const call = api.getMe({ signal: abort.signal });
    await settle();
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('tolerates a base url that ends with a slash', async () => {
    const { api, requests } = setup(() => json({}), { baseUrl: `${origin}/` });
    await api.getMe();
    expect(requests[0]?.url).toBe(`${origin}/api/v1/me`);
    expect(api.urlOf('/x')).toBe(`${origin}/x`);
  });

  it('has no method for the stream, which would never end', () => {
    const { api } = setup(() => json({}));
    expect('streamEvents' in api).toBe(false);
  });
});

describe('the session', () => {
  it('is refreshed once when the token has expired, and the request repeated with its body', async () => {
    const server = expiring(() => json({ seq: 1 }, 201));
    const { api, requests, lost, paths } = setup(server.handler);
    expect(await api.sendMessage({ path: { channelId: channelId(1) }, body: send })).toEqual({ seq: 1 });
    expect(paths().map((path) => path.split('/').at(-1))).toEqual(['messages', 'refresh', 'messages']);
    expect(await requests[2]?.json()).toEqual(send);
    expect(requests[1]?.credentials).toBe('include');
    expect(lost).toEqual([]);
  });

  it('is refreshed once for all requests that wait for it', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const server = expiring(
      () => json({}),
      () => gate.then(() => json({})),
    );
    const { api } = setup(server.handler);
    const all = Promise.all([api.getMe(), api.listSessions(), api.listWorkspaces()]);
    await settle();
    release();
    await all;
    expect(server.refreshes()).toBe(1);
  });

  it('is not refreshed again for a request that was refused before the last refresh', async () => {
    let late = (_: Response) => {};
    const server = expiring(() => json({}));
    let first = true;
    const { api } = setup((request, path) => {
      if (path !== '/sessions' || !first) return server.handler(request, path);
      first = false;
      return new Promise((resolve) => (late = resolve));
    });
    const slow = api.listSessions();
    await api.getMe();
    late(problem('auth.token_expired'));
    await slow;
    expect(server.refreshes()).toBe(1);
  });

  it('is refreshed again when it expires again', async () => {
    const server = expiring(() => json({}));
    const { api } = setup(server.handler);
    await api.getMe();
    server.expire();
    await api.getMe();
    expect(server.refreshes()).toBe(2);
  });

  it.each(['auth.refresh_invalid', 'auth.refresh_reused'] as const)('is over with %s', async (code) => {
    const server = expiring(
      () => json({}),
      () => problem(code),
    );
    const { api, lost } = setup(server.handler);
    expect((await failureOf(api.getMe())).code).toBe('auth.token_expired');
    expect(lost).toEqual(['auth.token_expired']);
  });

  it('is over when a new token is refused too', async () => {
    const { api, lost, paths } = setup((_, path) =>
      path === '/auth/refresh' ? json({}) : problem('auth.token_invalid'),
    );
    await failureOf(api.getMe());
    expect(lost).toEqual(['auth.token_invalid']);
    expect(paths()).toHaveLength(3);
  });

  it('is over at once when it was revoked', async () => {
    const { api, lost, paths } = setup(() => problem('auth.session_revoked'));
    await failureOf(api.getMe());
    expect(lost).toEqual(['auth.session_revoked']);
    expect(paths()).toHaveLength(1);
  });

  it('is not over because the refresh could not be tried', async () => {
    const server = expiring(
      () => json({}),
      () => problem('overloaded', { 'retry-after': '2' }),
    );
    const { api, lost } = setup(server.handler);
    expect(await failureOf(api.getMe())).toMatchObject({ code: 'overloaded', retryAfterMs: 2_000 });
    expect(lost).toEqual([]);
  });

  it('survives a refresh that breaks, and tries again next time', async () => {
    let fail = true;
    const server = expiring(
      () => json({}),
      () => (fail ? Promise.reject(new TypeError('network')) : json({})),
    );
    const { api, lost } = setup(server.handler);
    await expect(api.getMe()).rejects.toThrow(TypeError);
    fail = false;
    await api.getMe();
    expect(lost).toEqual([]);
  });

  it.each([
    'auth.invalid_credentials',
    'auth.two_factor_required',
    'auth.challenge_invalid',
    'auth.passkey_invalid',
  ] as const)('has nothing to do with a login that ends in %s', async (code) => {
    const { api, lost, paths } = setup(() => problem(code));
    const login = api.login({ body: { email: 'ada@example.org', password: 'wrong' } });
    expect((await failureOf(login)).code).toBe(code);
    expect(paths()).toHaveLength(1);
    expect(lost).toEqual([]);
  });

  it('of a program travels as a bearer token, the new one after its own refresh', async () => {
    let token = 'old';
    const handler: Handler = (request) =>
      request.headers.get('authorization') === 'Bearer new' ? json({}) : problem('auth.token_expired');
    const { api, requests } = setup(handler, {
      accessToken: async () => token,
      refresh: async () => {
        token = 'new';
        return true;
      },
    });
    await api.getMe();
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer old', 'Bearer new']);
  });

  it.each([{}, { refresh: async () => false }])(
    'of a program is over when it cannot refresh',
    async (options) => {
      const { api, lost, paths } = setup(() => problem('auth.token_expired'), {
        accessToken: () => 'old',
        ...options,
      });
      await failureOf(api.getMe());
      expect(lost).toEqual(['auth.token_expired']);
      expect(paths()).toEqual(['/api/v1/me']);
    },
  );

  it('of a program without a token sends none', async () => {
    const { api, requests } = setup(() => json({ keys: [] }), { accessToken: () => null });
    await api.getJwks();
    expect(requests[0]?.headers.has('authorization')).toBe(false);
  });

  it('is refreshed under the lock that tabs share', async () => {
    const server = expiring(() => json({}));
    const order: string[] = [];
    const { api } = setup(server.handler, {
      lock: async (task) => {
        order.push(`before ${server.refreshes()}`);
        const result = await task();
        order.push(`after ${server.refreshes()}`);
        return result;
      },
    });
    await api.getMe();
    expect(order).toEqual(['before 0', 'after 1']);
  });

  it('also carries requests outside of the operations', async () => {
    const server = expiring(() => new Response('stream'));
    const { api }: { api: Api } = setup(server.handler);
    const response = await api.send(new Request(api.urlOf('/api/v1/workspaces/w/events')));
    expect(await response.text()).toBe('stream');
    expect(server.refreshes()).toBe(1);
  });
});
