import createClient from 'openapi-fetch';
import type { OperationId } from '#contracts';
import { problemOf, type ApiProblem } from './api-problem.js';
import { authorizedFetch, type Fetch, type Renewal } from './authorized-fetch.js';
import type { operations, paths } from './openapi.js';
import { apiPrefix, operationRoutes } from './operation-routes.js';
import { browserLock, type Lock } from './session-lock.js';

export type ApiOptions = {
  /** Origin of the instance, `https://chat.example.org`; in browsers `''` means the page's own. */
  baseUrl: string;
  fetch?: Fetch;
  /** For programs. Browsers leave it out: their httpOnly cookies are sent along. */
  accessToken?: () => string | null | Promise<string | null>;
  /** Gets a new access token, true when it did. Default: `POST /auth/refresh` with the refresh cookie. */
  refresh?: () => Promise<boolean>;
  /** The session is over: show the login. */
  onUnauthenticated?: (problem: ApiProblem) => void;
  /** Milliseconds until a request is given up; default 30 s. */
  timeoutMs?: number;
  /** Keeps two tabs from refreshing at once. Default: Web Locks where there are any. */
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

const refreshByCookie = async (send: Fetch, url: string): Promise<Renewal> => {
  const headers = { 'content-type': 'application/json' };
  const response = await send(
    new Request(url, { method: 'POST', headers, body: '{}', credentials: 'include' }),
  );
  if (response.ok) return 'renewed';
  return response.status === 401 || response.status === 403 ? 'rejected' : response;
};

export const createApi = (options: ApiOptions): Api => {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const urlOf = (path: string) => baseUrl + path;
  const plainFetch: Fetch = options.fetch ?? ((request) => globalThis.fetch(request));
  const lock = options.lock ?? browserLock();
  const { refresh, accessToken } = options;

  const renew = async (): Promise<Renewal> => {
    if (refresh) return (await refresh()) ? 'renewed' : 'rejected';
    // A program that holds tokens has no refresh cookie.
    if (accessToken) return 'rejected';
    return refreshByCookie(plainFetch, urlOf(`${apiPrefix}/auth/refresh`));
  };
  const { send } = authorizedFetch({
    fetch: plainFetch,
    accessToken,
    renew: () => lock(renew),
    onUnauthenticated: options.onUnauthenticated,
  });

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
