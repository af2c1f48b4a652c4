import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RpcClient } from '#bus';
import {
  rpcSubjects,
  type AccessTokens,
  type CreatedAccessToken,
  type IntrospectReply,
  type TokenScope,
} from '#contracts';
import { Clock } from '#core';
import { Database } from '#db';
import { accessTokenHash, newAccessToken } from '#platform';
import { awayFromEdge, eventually, HOUR_MS } from '#testing';
import { Introspection } from '../src/access-tokens/introspection.service.js';
import { RunningChat, type Person } from './running-chat.js';

const password = 'correct horse';

describe('personal access tokens', () => {
  let chat: RunningChat;
  let rpc: RpcClient;
  beforeAll(async () => {
    chat = await RunningChat.start();
    rpc = new RpcClient(chat.bus.nats);
  });
  afterAll(() => chat.stop());

  const list = async (who: Person) =>
    (await chat.call<AccessTokens>('GET /me/access-tokens', { token: who.token })).body;
  const create = (who: Person, scopes: TokenScope[], more: object = {}) =>
    chat.call<CreatedAccessToken>('POST /me/access-tokens', {
      token: who.token,
      body: { password, name: 'Script', scopes, ...more },
    });
  const revoke = (who: Person, id: string) =>
    chat.call(`DELETE /me/access-tokens/${id}`, { token: who.token });
  const introspect = async (token: string) => {
    const hash = createHash('sha256').update(token).digest('base64url');
    return (await rpc.request<IntrospectReply>(rpcSubjects.introspect, { hash })).token;
  };
  const codeOf = async (route: string, token: string, body?: unknown) => {
    const reply = await chat.call<{ scope?: string }>(route, { token, body });
    return reply.body.code ?? reply.status;
  };

  it('act for their person, within their scopes', async () => {
    const ada = await chat.person();
    const workspace = await chat.workspace(ada);
    const channelId = await chat.channel(ada, workspace.id);
    const { status, body } = await create(ada, ['account:read', 'messages:read']);
    expect([status, body.token]).toEqual([201, expect.stringMatching(/^parley_pat_[0-9A-Za-z]{36}$/)]);
    const me = await chat.call<{ id: string }>('GET /me', { token: body.token });
    expect([me.status, me.body.id]).toEqual([200, ada.id]);
    expect(await codeOf(`GET /channels/${channelId}/messages`, body.token)).toBe(200);
    const sent = await chat.call<{ scope?: string }>(`POST /channels/${channelId}/messages`, {
      token: body.token,
      body: { clientMessageId: 'x', text: 'x' },
    });
    expect([sent.status, sent.body.code, sent.body.scope]).toEqual([
      403,
      'permission.scope_missing',
      'messages:write',
    ]);
    expect(await codeOf(`GET /workspaces/${workspace.id}`, body.token)).toBe('permission.scope_missing');
    const all = (await create(ada, ['*'])).body.token;
    expect(await codeOf(`GET /workspaces/${workspace.id}`, all)).toBe(200);
  });

  it('see no more than their person', async () => {
    const [ada, eve] = [await chat.person(), await chat.person('Eve')];
    const workspace = await chat.workspace(ada);
    const { token } = (await create(eve, ['*'])).body;
    expect(await codeOf(`GET /workspaces/${workspace.id}`, token)).toBe('workspace.not_found');
  });

  it('never touch what guards the account', async () => {
    const ada = await chat.person();
    const { token, id } = (await create(ada, ['*'])).body;
    for (const [route, body] of [
      ['GET /sessions'],
      [`DELETE /sessions/${ada.sessionId}`],
      ['POST /auth/logout'],
      ['GET /me/access-tokens'],
      ['POST /me/access-tokens', { password, name: 'Heir', scopes: ['*'] }],
      [`DELETE /me/access-tokens/${id}`],
      ['GET /me/two-factor'],
      ['POST /me/two-factor/totp', { password }],
      ['GET /me/passkeys'],
      ['POST /me/passkeys/options', { password }],
      ['POST /me/password', { currentPassword: password, password: 'another horse entirely' }],
      ['POST /me/deletion', { password }],
    ] as [string, unknown?][])
      expect([route, await codeOf(route, token, body)]).toEqual([route, 'auth.session_required']);
    expect((await list(ada)).accessTokens).toHaveLength(1);
    expect(await codeOf('GET /me', ada.token)).toBe(200);
  });

  it('are shown once and stored as a hash', async () => {
    const ada = await chat.person();
    const { token, ...shown } = (await create(ada, ['messages:read'], { expiresInDays: 30 })).body;
    expect(await list(ada)).toEqual({ accessTokens: [shown], version: 1 });
    expect(JSON.stringify(await list(ada))).not.toContain(token);
    const rows = await chat.app.get(Database).run(
      {
        name: 'test_access_tokens',
        text: `SELECT t::text AS row FROM chat.access_tokens t WHERE user_id = $1`,
      },
      [ada.id],
    );
    const stored = JSON.stringify(rows);
    expect(stored).toContain(shown.hint);
    expect(stored).not.toContain(token.slice(shown.hint.length));
    expect(Date.parse(shown.expiresAt as string) - Date.parse(shown.createdAt)).toBe(30 * 86_400_000);
  });

  it('are refused at once when revoked, by every process, and nobody knows them any more', async () => {
    const ada = await chat.person();
    const { token, id } = (await create(ada, ['*'])).body;
    const second = await chat.second();
    const there = async () => (await chat.call('GET /me', { token }, second)).status;
    expect([await codeOf('GET /me', token), await there()]).toEqual([200, 200]);
    expect((await introspect(token))?.id).toBe(id);
    expect((await revoke(ada, id)).status).toBe(204);
    expect(await codeOf('GET /me', token)).toBe('auth.session_revoked');
    await eventually(async () => expect(await there()).toBe(401));
    expect(await introspect(token)).toBeNull();
    const late = await chat.second();
    expect((await chat.call('GET /me', { token }, late)).status).toBe(401);
    expect((await list(ada)).accessTokens).toEqual([]);
  });

  it('are revoked by their person only, once', async () => {
    const [ada, bob] = [await chat.person(), await chat.person('Bob')];
    const { token, id } = (await create(ada, ['*'])).body;
    expect((await revoke(bob, id)).body.code).toBe('access_token.not_found');
    expect(await codeOf('GET /me', token)).toBe(200);
    const twice = await Promise.all([revoke(ada, id), revoke(ada, id)]);
    expect(twice.map(({ status }) => status).sort()).toEqual([204, 404]);
  });

  it('end when they expire', async () => {
    const ada = await chat.person();
    const { token, id } = (await create(ada, ['*'], { expiresInDays: 1 })).body;
    expect(await codeOf('GET /me', token)).toBe(200);
    await chat.app.get(Database).run(
      {
        name: 'test_expire',
        text: `UPDATE chat.access_tokens SET expires_at = now() - interval '1 second' WHERE id = $1`,
      },
      [id],
    );
    const second = await chat.second();
    expect((await chat.call('GET /me', { token }, second)).body.code).toBe('auth.token_expired');
  });

  it('tell when they were last used, to the hour, and a use in the same hour changes nothing', async () => {
    const ada = await chat.person();
    const { token } = (await create(ada, ['*'])).body;
    await awayFromEdge(HOUR_MS);
    await introspect(token);
    const hour = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS).toISOString();
    await eventually(async () =>
      expect(await list(ada)).toMatchObject({ version: 2, accessTokens: [{ lastUsedAt: hour }] }),
    );
    // Asked of this process, whose clock is moved; the bus asks any.
    const here = chat.app.get(Introspection);
    const hash = accessTokenHash(token) as Buffer;
    await here.introspect(hash);
    const clock = chat.app.get(Clock);
    const later = new Date(Date.now() + HOUR_MS);
    clock.now = () => later;
    try {
      await here.introspect(hash);
      await eventually(async () => expect((await list(ada)).version).toBe(3));
    } finally {
      Reflect.deleteProperty(clock, 'now');
    }
  });

  it('tell my devices of each change, and end like sessions', async () => {
    const ada = await chat.person();
    const { id, token: _token, ...shown } = (await create(ada, ['search:read'])).body;
    await revoke(ada, id);
    await eventually(async () => {
      const events = (await chat.events('_')).filter((event) => event.actorId === ada.id);
      expect(events.map(({ type, data }) => [type, data])).toEqual([
        ['access_tokens.updated', { accessTokens: [{ id, ...shown }], version: 1 }],
        ['session.revoked', { sessionId: id }],
        ['access_tokens.updated', { accessTokens: [], version: 2 }],
      ]);
      expect(events.at(-1)?.data).toEqual(await list(ada));
    });
  });

  it('are limited in number, also when many are made at once', async () => {
    const ada = await chat.person();
    await chat.app.get(Database).run(
      {
        name: 'test_many_tokens',
        text: `INSERT INTO chat.access_tokens (id, user_id, hash, hint, name, scopes, created_at)
               SELECT gen_random_uuid(), $1::uuid, sha256(convert_to(n::text || $1::text, 'UTF8')), '', '', '{}', now()
               FROM generate_series(1, 48) n`,
      },
      [ada.id],
    );
    const replies = await Promise.all([1, 2, 3, 4].map(() => create(ada, ['*'])));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.code).toBe('access_token.too_many');
  });

  it('are made for the password only, by people, for scopes that exist', async () => {
    const ada = await chat.person();
    expect((await create(ada, ['*'], { password: 'wrong' })).body.code).toBe('auth.password_wrong');
    const pointers = async (scopes: string[], more: object = {}) =>
      (await create(ada, scopes as TokenScope[], more)).body.errors?.map(({ pointer }) => pointer);
    expect(await pointers(['everything'])).toEqual(['/scopes/0']);
    expect(await pointers(['auth:write'])).toEqual(['/scopes/0']);
    expect(await pointers([])).toEqual(['/scopes']);
    expect(await pointers(['*', '*'])).toEqual(['/scopes']);
    expect(await pointers(['*'], { name: 'a\u202eb' })).toEqual(['/name']);
    expect(await pointers(['*'], { expiresInDays: 0 })).toEqual(['/expiresInDays']);
    const bot = await chat.call<{ accessToken: string }>('POST /auth/token', {
      body: { clientId: 'bot', clientSecret: chat.botSecret },
    });
    expect(await codeOf('GET /me/access-tokens', bot.body.accessToken)).toBe('permission.denied');
  });

  it('that were never made are nobody’s', async () => {
    expect(await codeOf('GET /me', newAccessToken())).toBe('auth.token_invalid');
    expect(await introspect(newAccessToken())).toBeNull();
  });
});
