import { describe, expect, it } from '@jest/globals';
import type { ClaimedDelivery } from '../notifications/delivery.js';
import { mailFailure } from './mail-failure.js';

const now = new Date('2026-03-02T09:00:00.000Z');
const delivery = (attempt: number, hoursAgo = 0) =>
  ({ attempt, dueAt: now, createdAt: new Date(now.getTime() - hoursAgo * 3600_000) }) as ClaimedDelivery;
const of = (error: object, attempt = 1) => mailFailure(error, delivery(attempt), now);

describe('a mail that was not taken', () => {
  it('is not sent again when the server refuses it for good', () => {
    expect(of({ code: 'EENVELOPE', responseCode: 550 })).toEqual({ state: 'failed', errorCode: 'smtp_550' });
  });

  it('comes again when the server refuses it for now, but not forever', () => {
    expect(of({ responseCode: 451 })).toMatchObject({ state: 'retry', errorCode: 'smtp_451' });
    expect(of({ responseCode: 451 }, 8)).toEqual({ state: 'failed', errorCode: 'smtp_451' });
    expect(of(new Error('disk full'))).toMatchObject({ state: 'retry', errorCode: 'mail_failed' });
  });

  it('waits for a server that is away, or does not know us, for a day', () => {
    const away = { code: 'ESOCKET' };
    expect(of(away, 500)).toMatchObject({ state: 'retry', errorCode: 'smtp_away' });
    expect(of({ code: 'EAUTH', responseCode: 535 })).toMatchObject({
      state: 'retry',
      errorCode: 'smtp_away',
    });
    const old = { ...delivery(500, 30), dueAt: new Date(now.getTime() - 25 * 3600_000) };
    expect(mailFailure(away, old, now)).toEqual({ state: 'failed', errorCode: 'smtp_away' });
  });
});
