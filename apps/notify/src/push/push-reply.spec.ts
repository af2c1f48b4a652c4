import { describe, expect, it } from '@jest/globals';
import { MAX_ATTEMPTS, outcomeOf, replyOf, retryAfterMs, type PushReply } from './push-reply.js';

const now = new Date('2026-03-02T09:00:00.000Z');
const delivered: PushReply = { kind: 'delivered' };
const gone: PushReply = { kind: 'gone', errorCode: 'http_410' };
const refused: PushReply = { kind: 'refused', errorCode: 'http_403' };
const tooLarge: PushReply = { kind: 'too_large', errorCode: 'http_413' };
const later: PushReply = { kind: 'later', errorCode: 'http_503', retryAfterMs: null };

describe('the reply of a push service', () => {
  it.each([
    [201, 'delivered'],
    [200, 'delivered'],
    [404, 'gone'],
    [410, 'gone'],
    [413, 'too_large'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [301, 'refused'],
  ])('%i is %s', (status, kind) => expect(replyOf(status, undefined, now).kind).toBe(kind));

  it('says when to come again, in seconds or as a date, but not next week', () => {
    expect(retryAfterMs('120', now)).toBe(120_000);
    expect(retryAfterMs('Mon, 02 Mar 2026 09:00:30 GMT', now)).toBe(30_000);
    expect(retryAfterMs('Mon, 02 Mar 2026 08:00:00 GMT', now)).toBe(0);
    expect(retryAfterMs('999999', now)).toBe(3600_000);
    expect([retryAfterMs(undefined, now), retryAfterMs('soon', now)]).toEqual([null, null]);
  });
});

describe('what became of a delivery', () => {
  const of = (replies: PushReply[], attempt = 1, before = 0) =>
    outcomeOf(replies, { attempt, before, now, random: 0 });

  it('is sent when one device has it, and comes again for the others that can get it', () => {
    expect(of([delivered, gone, refused])).toEqual({ state: 'sent' });
    expect(of([delivered, later])).toMatchObject({ state: 'retry', errorCode: 'http_503' });
    expect(of([delivered, later], MAX_ATTEMPTS)).toEqual({ state: 'sent' });
    expect(of([later], MAX_ATTEMPTS, 1)).toEqual({ state: 'sent' });
  });

  it('is gone when every device is, failed when one refuses it, and is given up in the end', () => {
    expect(of([gone, gone])).toEqual({ state: 'gone', errorCode: 'http_410' });
    expect(of([gone, refused])).toEqual({ state: 'failed', errorCode: 'http_403' });
    expect(of([tooLarge])).toEqual({ state: 'failed', errorCode: 'http_413' });
    expect(of([later], MAX_ATTEMPTS)).toEqual({ state: 'failed', errorCode: 'http_503' });
  });

  it('waits as long as the service asks', () => {
    const asked = of([later, { ...later, retryAfterMs: 600_000 }]);
    expect(asked).toEqual({ state: 'retry', errorCode: 'http_503', at: new Date(now.getTime() + 600_000) });
  });
});
