import type { ProblemCode } from '#contracts';
import { ApiProblem, createApi } from '#client';

let lost: () => void = () => undefined;

/** The one API client of this page. The session travels in httpOnly cookies and renews itself. */
export const api = createApi({ baseUrl: '', onUnauthenticated: () => lost() });

/** What to do when the session is over. */
export const onSessionLost = (listener: () => void): void => {
  lost = listener;
};

/** What the password estimator advises, which is written for people; nothing for other refusals. */
export const passwordAdviceOf = (cause: unknown): string =>
  cause instanceof ApiProblem && cause.code === 'auth.password_weak'
    ? (cause.problem.errors?.map(({ detail }) => detail).join(' ') ?? '')
    : '';

/** The code of a refusal; null when no reply came at all. */
export const problemCodeOf = (cause: unknown): ProblemCode | null =>
  cause instanceof ApiProblem ? cause.code : null;
