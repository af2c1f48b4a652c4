import { readProblem, type ApiProblem } from './api-problem.js';

/** A Node program must give absolute URLs; in browsers they may be relative to the page. */
export type Fetch = (request: Request) => Promise<Response>;

export type AuthorizedFetchOptions = {
  fetch: Fetch;
  accessToken?: (() => string | null | Promise<string | null>) | undefined;
  /** One attempt to get a new access token. */
  renew: () => Promise<Renewal>;
  onUnauthenticated?: ((problem: ApiProblem) => void) | undefined;
};

/**
 * `rejected`: the session is over. A response: the attempt could not be made (429, 5xx), which says nothing
 * about the session.
 */
export type Renewal = 'renewed' | 'rejected' | Response;

/** Said of a login that was tried, and nothing of the session one has. */
const aboutLogin: readonly string[] = [
  'auth.invalid_credentials',
  'auth.two_factor_required',
  'auth.challenge_invalid',
  'auth.passkey_invalid',
];

/** A new access token helps against these; against `auth.session_revoked` nothing does. */
const renewable: readonly string[] = ['auth.token_expired', 'auth.unauthenticated', 'auth.token_invalid'];

const authorize = async (request: Request, token: AuthorizedFetchOptions['accessToken']) => {
  const value = await token?.();
  if (value) request.headers.set('authorization', `Bearer ${value}`);
  return request;
};

/**
 * A fetch that carries the session. On a 401 that a new token can cure it renews once, for all requests
 * waiting for it, and repeats the request.
 */
export const authorizedFetch = (options: AuthorizedFetchOptions) => {
  let renewals = 0;
  let renewing: Promise<Renewal> | null = null;

  const renew = (): Promise<Renewal> => {
    renewing ??= options
      .renew()
      .then((renewal) => {
        if (renewal === 'renewed') renewals++;
        return renewal;
      })
      .finally(() => (renewing = null));
    return renewing;
  };

  const send = async (request: Request): Promise<Response> => {
    const before = renewals;
    const repeat = request.clone();
    const response = await options.fetch(await authorize(request, options.accessToken));
    if (response.status !== 401) return response;
    const problem = await readProblem(response.clone());
    if (!problem.code.startsWith('auth.') || aboutLogin.includes(problem.code)) return response;
    if (!renewable.includes(problem.code)) {
      options.onUnauthenticated?.(problem);
      return response;
    }
    // The token was renewed while this request was under way: only the old one was refused.
    const renewal = renewals === before ? await renew() : 'renewed';
    if (renewal === 'rejected') {
      options.onUnauthenticated?.(problem);
      return response;
    }
    if (renewal !== 'renewed') return renewal.clone();
    const second = await options.fetch(await authorize(repeat, options.accessToken));
    if (second.status === 401) options.onUnauthenticated?.(await readProblem(second.clone()));
    return second;
  };

  return { send, renew };
};
