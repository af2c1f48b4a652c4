import type { Problem, ProblemCode } from '#contracts';

/** An error reply. Decide by `code`; codes of newer servers may be unknown to this version. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;
  /** From `Retry-After`; null when the server gave none. */
  readonly retryAfterMs: number | null;

  constructor(problem: Problem, retryAfterMs: number | null = null) {
    super(`${problem.status} ${problem.code}: ${problem.title}`);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): ProblemCode {
    return this.problem.code;
  }

  /** True when the same request may succeed later without anyone changing anything. */
  get isTransient(): boolean {
    return isTransientStatus(this.status);
  }
}

/** Request Timeout, Too Early, Too Many Requests, and whatever is the server's fault. */
export const isTransientStatus = (status: number): boolean =>
  status >= 500 || status === 408 || status === 425 || status === 429;

/** Proxies answer with pages of their own; they become the nearest problem. */
const problemOfStatus = (status: number, title: string): Problem => ({
  type: 'about:blank',
  title: title || `HTTP ${status}`,
  status,
  code: status === 429 ? 'rate_limited' : status >= 502 && status <= 504 ? 'unavailable' : 'internal',
  traceId: '',
});

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';

/** `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3), in milliseconds from `now`. */
export const retryAfterMs = (headers: Headers, now = Date.now()): number | null => {
  const value = headers.get('retry-after')?.trim();
  if (!value) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
};

export const problemOf = (response: Response, body: unknown): ApiProblem =>
  new ApiProblem(
    isProblem(body)
      ? { ...body, status: response.status }
      : problemOfStatus(response.status, response.statusText),
    retryAfterMs(response.headers),
  );

/** Reads the body of an error reply. */
export const readProblem = async (response: Response): Promise<ApiProblem> =>
  problemOf(response, await response.json().catch(() => null));
