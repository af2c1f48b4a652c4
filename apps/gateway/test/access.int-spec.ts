import { afterEach, describe, expect, it } from '@jest/globals';
import { DomainError, type Principal } from '#platform';
import {
  AUTH,
  cleanUp,
  EVENTS,
  MESSAGES,
  PUBLIC_ORIGIN,
  standIn,
  startEdge,
  type EdgeOptions,
} from './edge.js';
import { notifyStandIn } from './notify-stand-in.js';

afterEach(cleanUp);

const setUp = async (options: EdgeOptions = {}) => {
  const chat = await standIn();
  const edge = await startEdge({ chat: [chat.url], ...options });
  const ask = async (path: string, init: RequestInit = {}) => {
    const reply = await fetch(`${edge.url}${path}`, init);
    const body = (await reply.json()) as { code?: string; traceId?: string };
    return { status: reply.status, code: body.code, headers: reply.headers, traceId: body.traceId };
  };
  return { chat, edge, ask };
};
const post = (headers: Record<string, string>): RequestInit => ({ method: 'POST', body: '{}', headers });

describe('identity', () => {
  it.each([
    ['no token', {}, 'auth.unauthenticated'],
    ['a forged token', { authorization: 'Bearer forged' }, 'auth.token_invalid'],
    ['an expired token', { authorization: 'Bearer expired' }, 'auth.token_expired'],
    ['another scheme', { authorization: 'Basic Z29vZA==' }, 'auth.unauthenticated'],
    [
      'another scheme beside a good cookie',
      { authorization: 'Basic x', cookie: 'parley_access=good' },
      'auth.unauthenticated',
    ],
    [
      'a bad token beside a good cookie',
      { authorization: 'Bearer forged', cookie: 'parley_access=good' },
      'auth.token_invalid',
    ],
  ])('%s is turned away at the edge', async (_, headers, code) => {
    const { chat, ask } = await setUp();
    for (const path of ['/api/v1/me', EVENTS]) {
      const reply = await ask(path, { headers });
      expect(reply).toMatchObject({ status: 401, code, traceId: reply.headers.get('x-request-id') });
      expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(chat.seen).toHaveLength(0);
  });

  it('comes as bearer or cookie, and is passed on for the service to verify again', async () => {
    const { chat, ask } = await setUp();
    expect((await ask('/api/v1/me', { headers: AUTH })).status).toBe(200);
    expect((await ask('/api/v1/me', { headers: { cookie: 'a=b; parley_access=good' } })).status).toBe(200);
    expect(chat.seen.map(({ headers }) => headers.authorization ?? headers.cookie)).toEqual([
      AUTH.authorization,
      'a=b; parley_access=good',
    ]);
  });

  it('is not asked for on open routes, whatever token comes along', async () => {
    const { chat, ask } = await setUp();
    expect((await ask('/api/v1/auth/login', post({ authorization: 'Bearer expired' }))).status).toBe(200);
    expect((await ask('/api/v1/invites/abc')).status).toBe(200);
    expect(chat.seen).toHaveLength(2);
  });

  it('may take a moment to verify', async () => {
    const verify = (token: string) =>
      new Promise<Principal>((resolve, reject) =>
        setTimeout(
          () =>
            token === 'good'
              ? resolve({ userId: 'u' } as unknown as Principal)
              : reject(new DomainError('unavailable')),
          10,
        ),
      );
    const { ask, chat } = await setUp({ verify });
    expect((await ask(MESSAGES, post(AUTH))).status).toBe(200);
    const refused = await ask('/api/v1/me', { headers: { authorization: 'Bearer other' } });
    expect(refused).toMatchObject({ status: 503, code: 'unavailable' });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(chat.seen).toHaveLength(1);
  });

  it("that fails to verify for no known reason is our fault, not the token's", async () => {
    const { ask } = await setUp({
      verify: () => {
        throw new Error('defect');
      },
    });
    expect(await ask('/api/v1/me', { headers: AUTH })).toMatchObject({ status: 500, code: 'internal' });
  });
});

describe('a ticket', () => {
  const TICKET = 'A'.repeat(43);
  const setUpBoth = async (options: EdgeOptions = {}) => {
    const notify = await notifyStandIn((_request, response) => response.end('{}'));
    return { notify, ...(await setUp({ notify: [notify.url], ...options })) };
  };

  it('lets a stream pass without a token, for notify to judge', async () => {
    const { notify, ask } = await setUpBoth();
    for (const query of [`ticket=${TICKET}`, `after=e-1&ticket=${TICKET}`])
      expect((await ask(`${EVENTS}?${query}`)).status).toBe(200);
    expect(notify.seen.map(({ url }) => url)).toEqual([
      `${EVENTS}?ticket=${TICKET}`,
      `${EVENTS}?after=e-1&ticket=${TICKET}`,
    ]);
  });

  it('opens no other door, and is none by another name', async () => {
    const { notify, chat, ask } = await setUpBoth();
    for (const [path, init] of [
      [`/api/v1/me?ticket=${TICKET}`, {}],
      [`${EVENTS}/tickets?ticket=${TICKET}`, post({})],
      [`${MESSAGES}?ticket=${TICKET}`, {}],
      [`${EVENTS}?my-ticket=${TICKET}`, {}],
      [`${EVENTS}?after=ticket=${TICKET}`, {}],
      [`${EVENTS}`, {}],
    ] as const)
      expect(await ask(path, init)).toMatchObject({ status: 401, code: 'auth.unauthenticated' });
    expect([...notify.seen, ...chat.seen]).toEqual([]);
  });

  it('is counted by address, also beside a token', async () => {
    const { ask } = await setUpBoth({ requestsPerMinute: 2 });
    expect((await ask(`${EVENTS}?ticket=${TICKET}`)).status).toBe(200);
    expect((await ask(`${EVENTS}?ticket=${TICKET}`, { headers: AUTH })).status).toBe(200);
    expect((await ask(`${EVENTS}?ticket=${TICKET}`)).status).toBe(429);
    expect((await ask('/api/v1/me', { headers: AUTH })).status).toBe(200);
  });
});

describe('routes', () => {
  it.each([
    '/api/v1/nothing',
    '/api',
    '/api/',
    '/api/v2/me',
    '/hooks/abc',
    '/api/v1/workspaces/../me',
    '/api/v1/me?x=1/../..'.replace('me', 'mee'),
  ])('%s is unknown here and not forwarded', async (path) => {
    const { chat, ask } = await setUp();
    expect(await ask(path, { headers: AUTH })).toMatchObject({
      status: path.includes('..') && path.includes('workspaces') ? 200 : 404,
    });
    expect(chat.seen.every(({ url }) => url === '/api/v1/me')).toBe(true);
  });
});

describe('origin', () => {
  const cookie = 'parley_access=good';

  it.each([{}, { origin: 'https://evil.example' }, { origin: 'null' }])(
    'of a change by cookie must be ours, not %j',
    async (headers) => {
      const { chat, ask } = await setUp();
      expect(await ask(MESSAGES, post({ cookie, ...headers }))).toMatchObject({
        status: 403,
        code: 'auth.origin_forbidden',
      });
      expect(chat.seen).toHaveLength(0);
    },
  );

  it('is accepted when it is the public one or the host that was asked', async () => {
    const { ask, edge } = await setUp();
    expect((await ask(MESSAGES, post({ cookie, origin: PUBLIC_ORIGIN }))).status).toBe(200);
    expect((await ask(MESSAGES, post({ cookie, origin: edge.url }))).status).toBe(200);
  });

  it('does not matter for reading, nor with a bearer token', async () => {
    const { ask } = await setUp();
    expect((await ask('/api/v1/me', { headers: { cookie, origin: 'https://evil.example' } })).status).toBe(
      200,
    );
    expect((await ask(MESSAGES, post({ ...AUTH, origin: 'https://evil.example' }))).status).toBe(200);
  });

  it('is checked where a session opens or is refreshed', async () => {
    const { ask, edge } = await setUp();
    for (const path of ['/api/v1/auth/login', '/api/v1/auth/register', '/api/v1/auth/refresh']) {
      expect((await ask(path, post({ origin: 'https://evil.example' }))).status).toBe(403);
      expect((await ask(path, post({ cookie: 'parley_refresh=x' }))).status).toBe(403);
      expect((await ask(path, post({ cookie: 'parley_refresh=x', origin: edge.url }))).status).toBe(200);
      expect((await ask(path, post({}))).status).toBe(200);
    }
  });
});

describe('rate limits', () => {
  it('count a user over connections and tokens, not others', async () => {
    const { ask, chat } = await setUp({ requestsPerMinute: 3 });
    const as = (name: string) => ask('/api/v1/me', { headers: { authorization: `Bearer user-${name}` } });
    const replies = [await as('a'), await as('a'), await as('a'), await as('a')];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(replies.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0']);
    expect(replies[3]).toMatchObject({ code: 'rate_limited' });
    expect(replies[3]?.headers.get('ratelimit-limit')).toBe('3');
    expect(Number(replies[3]?.headers.get('retry-after'))).toBeGreaterThan(15);
    expect((await as('b')).status).toBe(200);
    expect(chat.seen).toHaveLength(4);
  });

  it('count strangers and bad tokens by address', async () => {
    const { ask } = await setUp({ requestsPerMinute: 2 });
    expect((await ask('/api/v1/me')).status).toBe(401);
    expect((await ask('/api/v1/me', { headers: { authorization: 'Bearer forged' } })).status).toBe(401);
    expect((await ask('/api/v1/me', { headers: { authorization: 'Bearer forged' } })).status).toBe(429);
    expect((await ask('/api/v1/me', { headers: AUTH })).status).toBe(200);
  });

  it('are stricter for logins, by address as the trusted proxy saw it', async () => {
    const { ask } = await setUp({ guessesPerMinute: 2, requestsPerMinute: 100, trustedHops: 1 });
    const login = (ip: string) => ask('/api/v1/auth/login', post({ 'x-forwarded-for': ip }));
    expect([
      (await login('1.1.1.1')).status,
      (await login('1.1.1.1')).status,
      (await login('1.1.1.1')).status,
    ]).toEqual([200, 200, 429]);
    expect((await login('2.2.2.2')).status).toBe(200);
    expect((await ask('/api/v1/auth/refresh', post({ 'x-forwarded-for': '1.1.1.1' }))).status).toBe(200);
  });

  it('can not be escaped by claiming another address', async () => {
    const { ask } = await setUp({ guessesPerMinute: 1 });
    const login = (ip: string) => ask('/api/v1/auth/login', post({ 'x-forwarded-for': ip }));
    expect([(await login('1.1.1.1')).status, (await login('2.2.2.2')).status]).toEqual([200, 429]);
  });

  it('are silent when off', async () => {
    const { ask } = await setUp();
    expect((await ask('/api/v1/me', { headers: AUTH })).headers.has('ratelimit-limit')).toBe(false);
  });
});

describe('behind a trusted proxy', () => {
  it('passes on scheme and host as the proxy saw them', async () => {
    const { ask, chat } = await setUp({ trustedHops: 1 });
    await ask('/api/v1/me', {
      headers: {
        ...AUTH,
        'x-forwarded-for': '1.2.3.4',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'chat.example',
      },
    });
    await ask('/api/v1/me', { headers: { ...AUTH, 'x-forwarded-proto': 'gopher' } });
    expect(chat.seen[0]?.headers).toMatchObject({
      'x-forwarded-for': '1.2.3.4, 127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'chat.example',
    });
    expect(chat.seen[1]?.headers).toMatchObject({ 'x-forwarded-proto': 'http' });
  });
});
