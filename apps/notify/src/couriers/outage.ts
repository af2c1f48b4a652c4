import type { ClaimedDelivery, DeliveryOutcome } from '../notifications/delivery.js';

const WAIT_MS = 10_000;
const DAY_MS = 24 * 3600_000;

/**
 * What becomes of a delivery while something of ours is away: it waits, however often, but nobody is told a day
 * later.
 */
export const outage = ({ dueAt, createdAt }: ClaimedDelivery, what: string, now: Date): DeliveryOutcome =>
  now.getTime() - Math.max(createdAt.getTime(), dueAt.getTime()) > DAY_MS
    ? { state: 'failed', errorCode: `${what}_away` }
    : { state: 'retry', errorCode: `${what}_away`, at: new Date(now.getTime() + WAIT_MS) };
