import type { ProblemCode } from '#contracts';
import { ApiProblem } from '../src/api-problem.js';
import { createApi, type ApiOptions } from '../src/api.js';
import { json, problem } from './fakes.js';

export const origin = 'https://parley.test';

export type Handler = (request: Request, path: string) => Response | Promise<Response>;

/** An api before a server that the spec plays. */
export const setup = (handler: Handler, options: Partial<ApiOptions> = {}) => {
  const requests: Request[] = [];
  const lost: ProblemCode[] = [];
  const api = createApi({
    baseUrl: origin,
    fetch: async (request) => {
      requests.push(request.clone());
      return handler(request, new URL(request.url).pathname.replace('/api/v1', ''));
    },
    onUnauthenticated: (problem) => lost.push(problem.code),
    ...options,
  });
  return { api, requests, lost, paths: () => requests.map(({ url }) => new URL(url).pathname) };
};

export const failureOf = async (promise: Promise<unknown>): Promise<ApiProblem> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiProblem) return error;
  throw new Error(`expected a problem, got ${String(error)}`);
};

/** A server whose access token expires until it is refreshed. */
export const expiring = (
  answer: () => Response,
  refresh: () => Response | Promise<Response> = () => json({}),
) => {
  let valid = false;
  let refreshes = 0;
  const handler: Handler = async (_request, path) => {
    if (path === '/auth/refresh') {
      refreshes++;
      const response = await refresh();
      valid = response.ok;
      return response;
    }
    return valid ? answer() : problem('auth.token_expired');
  };
  return { handler, refreshes: () => refreshes, expire: () => (valid = false) };
};
