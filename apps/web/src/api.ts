import type { ProblemCode } from '#contracts';
import { ApiProblem, createApi } from '#client';

let lost: () => void = () => undefined;

/** The one API client of this page. The session travels in httpOnly cookies and renews itself. */
export const api = createApi({ baseUrl: '', onUnauthenticated: () => lost() });

/** What to do when the session is over. */
export const onSessionLost = (listener: () => void): void => {
  lost = listener;
};

/** The code of a refusal; null when no reply came at all. */
export const problemCodeOf = (cause: unknown): ProblemCode | null =>
  cause instanceof ApiProblem ? cause.code : null;
