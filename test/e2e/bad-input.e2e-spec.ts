import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Problem } from '#contracts';
import { newId } from '#testing';
import { RunningParley, type Person, type Reply } from './running-parley.js';

describe('bad input through the gateway', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId, channelId } = await parley.team());
  }, 120_000);
  afterAll(() => parley.stop(), 60_000);

  const message = () => ({ clientMessageId: randomUUID(), text: 'x' });
  const part = (token: string, index: number) => token.split('.')[index] as string;
  const forge = (payload: object, header: object) =>
    `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${part(ada.token, 2)}`;
  const claims = () =>
    JSON.parse(Buffer.from(part(ada.token, 1), 'base64url').toString()) as Record<string, unknown>;

  type Case = [
    name: string,
    call: () => Promise<Reply<unknown>>,
    status: number,
    code: string,
    pointers: string[] | null,
  ];
  const cases: Case[] = [
    [
      'malformed JSON',
      () => parley.call(`POST /channels/${channelId}/messages`, { body: '{"text":', token: ada.token }),
      400,
      'request.malformed',
      null,
    ],
    [
      'unknown fields',
      () => ada.call(`POST /channels/${channelId}/messages`, { ...message(), admin: true }),
      400,
      'request.invalid',
      ['/admin'],
    ],
    [
      'wrong types',
      () => ada.call(`POST /channels/${channelId}/messages`, { clientMessageId: 7, text: {} }),
      400,
      'request.invalid',
      ['/clientMessageId', '/text'],
    ],
    [
      'a body over 64 KB',
      () => ada.call(`POST /channels/${channelId}/messages`, { ...message(), text: 'x'.repeat(66_000) }),
      413,
      'request.too_large',
      null,
    ],
    [
      'a body over 1 MB',
      () => ada.call(`POST /channels/${channelId}/messages`, { ...message(), text: 'x'.repeat(1_100_000) }),
      413,
      'request.too_large',
      null,
    ],
    [
      'an unknown channel',
      () => ada.call(`POST /channels/${newId.channel()}/messages`, message()),
      404,
      'channel.not_found',
      null,
    ],
    [
      'an id that is none',
      () => ada.call('POST /channels/general/messages', message()),
      400,
      'request.invalid',
      ['/path/channelId'],
    ],
    [
      'a query that is none',
      () => ada.call(`GET /channels/${channelId}/messages?limit=many`),
      400,
      'request.invalid',
      ['/query/limit'],
    ],
    ['an unknown route', () => ada.call('GET /nothing/here'), 404, 'route.not_found', null],
    ['no token', () => parley.call('GET /me'), 401, 'auth.unauthenticated', null],
    ['a token that is none', () => parley.call('GET /me', { token: 'abc' }), 401, 'auth.token_invalid', null],
    [
      'a forged token',
      () => parley.call('GET /me', { token: forge({ ...claims(), sub: bob.id }, { alg: 'EdDSA' }) }),
      401,
      'auth.token_invalid',
      null,
    ],
    [
      'an unsigned token',
      () => parley.call('GET /me', { token: forge(claims(), { alg: 'none' }) }),
      401,
      'auth.token_invalid',
      null,
    ],
    [
      'a stream of an unknown workspace',
      () => ada.call(`GET /workspaces/${newId.workspace()}/events`),
      404,
      'workspace.not_found',
      null,
    ],
    [
      'a cookie from a foreign site',
      () =>
        parley.call('POST /workspaces', {
          body: { name: 'x' },
          headers: { cookie: `parley_access=${ada.token}`, origin: 'https://evil.example' },
        }),
      403,
      'auth.origin_forbidden',
      null,
    ],
  ];

  it.each(cases)('%s', async (_name, call, status, code, pointers) => {
    const reply = await call();
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(() => Problem.parse(reply.body)).not.toThrow();
    if (pointers !== null) expect(reply.body.errors?.map((error) => error.pointer)).toEqual(pointers);
  });

  it('an expired token', async () => {
    const { readFileSync } = await import('node:fs');
    const { SigningKey } = await import('../../apps/chat/src/accounts/signing-key.js');
    const key = await SigningKey.fromPem(
      readFileSync(parley.instance.env['AUTH_SIGNING_KEY_FILE'] as string, 'utf8'),
    );
    const token = await key.sign(
      { userId: ada.id as never, sessionId: ada.sessionId as never, kind: 'user' },
      new Date(Date.now() - 3_600_000),
    );
    expect((await parley.call('GET /me', { token })).body).toMatchObject({ code: 'auth.token_expired' });
  });

  it('strangers find nothing of a workspace, by whichever door', async () => {
    const eve = await parley.person('Eve');
    for (const route of [
      `GET /workspaces/${workspaceId}`,
      `GET /workspaces/${workspaceId}/bootstrap`,
      `GET /workspaces/${workspaceId}/events`,
      `GET /workspaces/${workspaceId}/search?q=x`,
      `GET /workspaces/${workspaceId}/analytics/messages-per-day`,
      `GET /channels/${channelId}/messages`,
    ])
      expect((await eve.call(route)).status).toBe(404);
  });

  it('nothing of it was written', async () => {
    expect(await ada.history(channelId)).toEqual([]);
  });
});
