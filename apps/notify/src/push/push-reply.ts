import { waitMs } from '../couriers/waiting.js';
import type { DeliveryOutcome } from '../notifications/delivery.js';

/** What a push service made of a push. */
export type PushReply =
  | { kind: 'delivered' }
  /** The device has unsubscribed, or the subscription has expired. */
  | { kind: 'gone'; errorCode: string }
  | { kind: 'too_large'; errorCode: string }
  | { kind: 'later'; errorCode: string; retryAfterMs: number | null }
  /** It won't ever be taken like this. */
  | { kind: 'refused'; errorCode: string };

export const MAX_ATTEMPTS = 6;
const MAX_ASKED_MS = 3600_000;

/** `Retry-After` (RFC 9110 §10.2.3): seconds or a date. */
export const retryAfterMs = (header: string | undefined, now: Date): number | null => {
  if (header === undefined) return null;
  const waiting = /^\d{1,9}$/.test(header.trim())
    ? Number(header) * 1000
    : Date.parse(header) - now.getTime();
  return Number.isNaN(waiting) ? null : Math.min(Math.max(0, waiting), MAX_ASKED_MS);
};

/** RFC 8030 §5 and what services add to it. */
export const replyOf = (status: number, retryAfter: string | undefined, now: Date): PushReply => {
  const errorCode = `http_${status}`;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  if (status === 404 || status === 410) return { kind: 'gone', errorCode };
  if (status === 413) return { kind: 'too_large', errorCode };
  if (status === 408 || status === 429 || status >= 500)
    return { kind: 'later', errorCode, retryAfterMs: retryAfterMs(retryAfter, now) };
  return { kind: 'refused', errorCode };
};

/**
 * What became of a delivery, by the replies for the devices that had not got it before. It comes again for
 * those that can still get it; otherwise one device that has it is enough to call it sent.
 */
export const outcomeOf = (
  replies: readonly PushReply[],
  { attempt, before, now, random }: { attempt: number; before: number; now: Date; random?: number },
): DeliveryOutcome => {
  const later = replies.filter((reply) => reply.kind === 'later');
  const [first] = later;
  if (first && attempt < MAX_ATTEMPTS) {
    const asked = Math.max(...later.map(({ retryAfterMs: ms }) => ms ?? 0));
    const at = new Date(now.getTime() + waitMs(attempt, asked, random));
    return { state: 'retry', errorCode: first.errorCode, at };
  }
  if (before > 0 || replies.some(({ kind }) => kind === 'delivered')) return { state: 'sent' };
  const unsent = replies.filter((reply) => reply.kind !== 'delivered');
  const failed = unsent.find(({ kind }) => kind !== 'gone');
  if (failed) return { state: 'failed', errorCode: failed.errorCode };
  return { state: 'gone', errorCode: unsent[0]?.errorCode ?? 'no_subscription' };
};
