import { describe, expect, it } from '@jest/globals';
import { ApiProblem, readProblem, retryAfterMs } from './api-problem.js';
import { json, problem } from '../test/fakes.js';

const headers = (value: string) => new Headers({ 'retry-after': value });

describe('ApiProblem', () => {
  it('says what happened in its message', async () => {
    const failure = await readProblem(problem('message.deleted'));
    expect(failure).toBeInstanceOf(ApiProblem);
    expect(failure.message).toBe('410 message.deleted: The message was deleted');
  });

  it('keeps the code of a newer server', async () => {
    const failure = await readProblem(json({ code: 'poll.closed', title: 'Closed' }, 409));
    expect(failure).toMatchObject({ status: 409, code: 'poll.closed', retryAfterMs: null });
  });

  it.each([null, 'text', { code: 5 }])('takes %j for no problem', async (body) => {
    expect(await readProblem(json(body, 404))).toMatchObject({ status: 404, code: 'internal' });
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-15T09:30:00Z');

  it('is seconds or a date', () => {
    expect(retryAfterMs(headers('120'), now)).toBe(120_000);
    expect(retryAfterMs(headers('Thu, 15 Jan 2026 09:30:07 GMT'), now)).toBe(7_000);
  });

  it('is never in the past, and null when absent or nonsense', () => {
    expect(retryAfterMs(headers('Thu, 15 Jan 2026 09:29:00 GMT'), now)).toBe(0);
    expect(retryAfterMs(headers('soon'), now)).toBeNull();
    expect(retryAfterMs(new Headers(), now)).toBeNull();
  });
});
