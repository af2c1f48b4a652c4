import { describe, expect, it } from '@jest/globals';
import { expiring, failureOf, setup, type Handler } from '../test/api-harness.js';
import { json, problem } from '../test/fakes.js';
import { memoryTokens, tokensOf } from './tokens.js';

describe('the session of a program', () => {
  it('is renewed with its refresh token, and the new ones are kept', async () => {
    const server = expiring(
      () => json({}),
      () => json({ accessToken: 'a2', refreshToken: 'r2' }),
    );
    const tokens = memoryTokens({ accessToken: 'a1', refreshToken: 'r1' });
    const { api, requests } = setup(server.handler, { tokens });
    await api.getMe();
    const bearer = (request: Request) => request.headers.get('authorization');
    expect(requests.map(bearer)).toEqual(['Bearer a1', null, 'Bearer a2']);
    expect(await requests[1]?.json()).toEqual({ refreshToken: 'r1' });
    expect(await tokens.get()).toEqual({ accessToken: 'a2', refreshToken: 'r2' });
  });

  it('is over when the refresh token is refused, and when there is none', async () => {
    const refused = expiring(
      () => json({}),
      () => problem('auth.refresh_invalid'),
    );
    const one = setup(refused.handler, { tokens: memoryTokens({ accessToken: 'a', refreshToken: 'r' }) });
    await failureOf(one.api.getMe());
    const none = expiring(() => json({}));
    const two = setup(none.handler, { tokens: memoryTokens() });
    await failureOf(two.api.getMe());
    expect([one.lost, two.lost]).toEqual([['auth.token_expired'], ['auth.token_expired']]);
    expect(none.refreshes()).toBe(0);
  });

  it('is not renewed again when another process with the same tokens was faster', async () => {
    const tokens = memoryTokens({ accessToken: 'old', refreshToken: 'r1' });
    const handler: Handler = (request) =>
      request.headers.get('authorization') === 'Bearer new' ? json({}) : problem('auth.token_expired');
    const { api, paths } = setup(handler, {
      tokens,
      lock: async (task) => {
        await tokens.set({ accessToken: 'new', refreshToken: 'r2' });
        return task();
      },
    });
    await api.getMe();
    expect(paths()).toEqual(['/api/v1/me', '/api/v1/me']);
  });
});

describe('tokensOf', () => {
  it('takes them from a login, and refuses one that was answered with cookies', () => {
    expect(tokensOf({ accessToken: 'a', refreshToken: 'r' })).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
    });
    expect(() => tokensOf({ expiresIn: 600 })).toThrow(TypeError);
  });
});
