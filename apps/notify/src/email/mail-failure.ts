import { outage } from '../couriers/outage.js';
import { waitMs } from '../couriers/waiting.js';
import type { ClaimedDelivery, DeliveryOutcome } from '../notifications/delivery.js';

const MAX_ATTEMPTS = 8;
/** What nodemailer says of a server that could not be asked, or would not know us. */
const AWAY = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'EAUTH', 'ETLS', 'EPROXY']);

/**
 * What becomes of deliveries whose mail was not taken. What a server refuses for good is not asked again (RFC 5321
 * §4.2.1); what it refuses for now is, some times; a server that is away is waited for.
 */
export const mailFailure = (error: unknown, delivery: ClaimedDelivery, now: Date): DeliveryOutcome => {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  if (AWAY.has(code ?? '')) return outage(delivery, 'smtp', now);
  const errorCode = responseCode === undefined ? 'mail_failed' : `smtp_${responseCode}`;
  if ((responseCode !== undefined && responseCode >= 500) || delivery.attempt >= MAX_ATTEMPTS)
    return { state: 'failed', errorCode };
  return { state: 'retry', errorCode, at: new Date(now.getTime() + waitMs(delivery.attempt, null)) };
};
