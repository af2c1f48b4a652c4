import { describe, expect, it } from '@jest/globals';
import { Problem, problemCodes, problems } from './problem.js';

describe('problems', () => {
  it.each(problemCodes)('%s has an error status, a title and a name in house style', (code) => {
    const { status, title } = problems[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(code).toMatch(/^[a-z_]+(\.[a-z_]+)?$/);
  });

  it('say 404 exactly when something is not found', () => {
    const notFound = problemCodes.filter((code) => problems[code].status === 404);
    expect(notFound).toEqual(problemCodes.filter((code) => code.endsWith('.not_found')));
  });

  it('have titles of their own', () => {
    expect(new Set(problemCodes.map((code) => problems[code].title)).size).toBe(problemCodes.length);
  });

  const problem = { type: 'about:blank', title: 'x', status: 404, code: 'message.not_found', traceId: 't' };

  it('have a body that later versions may extend', () => {
    expect(Problem.safeParse({ ...problem, extra: 1 }).success).toBe(true);
  });

  it('have a body with a known code and a trace', () => {
    expect(Problem.safeParse({ ...problem, code: 'nope' }).success).toBe(false);
    expect(Problem.safeParse({ ...problem, traceId: undefined }).success).toBe(false);
  });
});
