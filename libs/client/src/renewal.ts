import type { Fetch, Renewal } from './authorized-fetch.js';
import type { Lock } from './lock.js';
import { tokensOf, type TokenStore } from './tokens.js';

const post = (url: string, body: object) =>
  new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    credentials: 'include',
  });

/** A refusal ends the session; another failure says nothing about it. */
const renewalOf = (response: Response): Renewal => {
  if (response.ok) return 'renewed';
  return response.status === 401 || response.status === 403 ? 'rejected' : response;
};

/** Renews the session of the cookies. Tabs take turns: a refresh token that is used twice ends the session. */
export const renewByCookie = (send: Fetch, url: string, lock: Lock) => (): Promise<Renewal> =>
  lock(async () => renewalOf(await send(post(url, {}))));

/** Gives the stored access token, and renews it with the stored refresh token. */
export const storedTokens = (send: Fetch, url: string, lock: Lock, store: TokenStore) => {
  let used: string | null = null;
  return {
    accessToken: async (): Promise<string | null> => {
      used = (await store.get())?.accessToken ?? null;
      return used;
    },
    renew: (): Promise<Renewal> =>
      lock(async () => {
        const tokens = await store.get();
        if (!tokens) return 'rejected';
        // Another process that shares the store was faster.
        if (tokens.accessToken !== used) return 'renewed';
        const response = await send(post(url, { refreshToken: tokens.refreshToken }));
        const renewal = renewalOf(response);
        if (renewal === 'renewed')
          await store.set(tokensOf((await response.json()) as Parameters<typeof tokensOf>[0]));
        return renewal;
      }),
  };
};
