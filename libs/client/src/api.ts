import createClient from 'openapi-fetch';
import type { OperationId } from '#contracts';
import { problemOf, type ApiProblem } from './api-problem.js';
import { authorizedFetch, type Fetch, type Renewal } from './authorized-fetch.js';
import type { operations, paths } from './openapi.js';
import { apiPrefix, operationRoutes } from './operation-routes.js';
import { browserLock, type Lock } from './lock.js';
import { renewByCookie, storedTokens } from './renewal.js';
import type { TokenStore } from './tokens.js';

export type ApiOptions = {
  /** Origin of the instance, `https://chat.example.org`; in browsers `''` means the page's own. */
  baseUrl: string;
  fetch?: Fetch;
  /** For programs that log in. Browsers leave it out: their httpOnly cookies are sent along. */
  tokens?: TokenStore;
  /** For programs with a token that isn't renewed here: a personal access token, or a bot's. */
  accessToken?: () => string | null | Promise<string | null>;
  /** Gets a new access token, true when it did. Default: `POST /auth/refresh` with what `tokens` or cookies hold. */
  refresh?: () => Promise<boolean>;
  /** The session is over: show the login. */
  onUnauthenticated?: (problem: ApiProblem) => void;
  /** Milliseconds until a request is given up; default 30 s. */
  timeoutMs?: number;
  /** Keeps two tabs, or processes that share `tokens`, from refreshing at once. Default: Web Locks where there are any. */
  lock?: Lock;
};

type Parameters<Op> = Op extends { parameters: infer P } ? P : never;
type PathOf<Op> = Parameters<Op> extends { path: infer P } ? { path: P } : unknown;
type QueryOf<Op> =
  Parameters<Op> extends { query: infer Q }
    ? { query: Q }
    : Parameters<Op> extends { query?: infer Q }
      ? [Q] extends [undefined]
        ? unknown
        : { query?: Q }
      : unknown;
type BodyOf<Op> = Op extends { requestBody: { content: { 'application/json': infer B } } }
  ? { body: B }
  : unknown;
/** What an operation takes: `{ path, query, body, signal }`, as far as it has them. */
export type OperationInput<Id extends OperationId> = PathOf<operations[Id]> &
  QueryOf<operations[Id]> &
  BodyOf<operations[Id]> & { signal?: AbortSignal };

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : undefined;
type Success<R> = { [Status in keyof R & (200 | 201 | 204)]: Json<R[Status]> }[keyof R & (200 | 201 | 204)];
/** What an operation gives. */
export type OperationOutput<Id extends OperationId> = operations[Id] extends { responses: infer R }
  ? Success<R>
  : never;

type Arguments<Input> = object extends Input ? [input?: Input] : [input: Input];
type PlainOperation = keyof typeof operationRoutes;

/** One method per operation id; resolves with the reply's body, rejects with an `ApiProblem` or the network's error. */
export type Operations = {
  [Id in PlainOperation]: (...args: Arguments<OperationInput<Id>>) => Promise<OperationOutput<Id>>;
};

export type Api = Operations & {
  /** Any request with this session, renewed when needed; for streams and files. */
  send(request: Request): Promise<Response>;
  /** Absolute address of `path`, which begins with `/`; relative to the page when `baseUrl` is. */
  urlOf(path: string): string;
};

type Call = { path?: object; query?: object; body?: unknown; signal?: AbortSignal };

const sessionOf = (options: ApiOptions, plainFetch: Fetch, urlOf: (path: string) => string) => {
  const { tokens, accessToken, refresh, onUnauthenticated } = options;
  const lock = options.lock ?? browserLock('parley:session');
  const url = urlOf(`${apiPrefix}/auth/refresh`);
  const stored = tokens && storedTokens(plainFetch, url, lock, tokens);
  const own =
    refresh && (() => lock(async (): Promise<Renewal> => ((await refresh()) ? 'renewed' : 'rejected')));
  // A token without a store has no refresh token, nor a refresh cookie.
  const fixed = accessToken && (async (): Promise<Renewal> => 'rejected');
  const renew = own ?? stored?.renew ?? fixed ?? renewByCookie(plainFetch, url, lock);
  return { accessToken: accessToken ?? stored?.accessToken, renew, onUnauthenticated };
};

export const createApi = (options: ApiOptions): Api => {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const urlOf = (path: string) => baseUrl + path;
  const plainFetch: Fetch = options.fetch ?? ((request) => globalThis.fetch(request));
  const { send } = authorizedFetch({ fetch: plainFetch, ...sessionOf(options, plainFetch, urlOf) });

  const client = createClient<paths>({ baseUrl: urlOf(apiPrefix), fetch: send, credentials: 'include' });
  // Paths are only known by name here; the types of `Operations` are what callers are held to.
  const request = client.request as unknown as (
    method: string,
    path: string,
    init: object,
  ) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

  const call = async (method: string, route: string, { path, query, body, signal }: Call = {}) => {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
    const { data, error, response } = await request(method, route, {
      params: { path, query },
      body,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (!response.ok) throw problemOf(response, error);
    return data;
  };

  const methods = Object.entries(operationRoutes).map(([id, [method, path]]) => [
    id,
    (input?: Call) => call(method, path, input),
  ]);
  return { ...(Object.fromEntries(methods) as Operations), send, urlOf };
};
