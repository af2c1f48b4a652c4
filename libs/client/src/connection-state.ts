import type { Problem } from '#contracts';

/**
 * idle ─start→ connecting ─opened→ live
 * connecting, live ─failed→ waiting ─due→ connecting
 * any but closed ─wentOffline→ offline ─wentOnline→ connecting
 * any ─closed→ closed, for good
 */
export type ConnectionState =
  | { status: 'idle' }
  | { status: 'connecting'; attempt: number }
  | { status: 'live'; since: number; attempt: number }
  /** `attempt` failures in a row; the next try is at `retryAt` (epoch milliseconds). */
  | { status: 'waiting'; attempt: number; retryAt: number }
  | { status: 'offline' }
  /** `problem` is why the server refused, null when we closed it. */
  | { status: 'closed'; problem: Problem | null };

export type ConnectionInput =
  | { type: 'start'; online: boolean }
  | { type: 'opened'; now: number }
  | { type: 'failed'; attempt: number; retryAt: number }
  | { type: 'due' }
  | { type: 'wentOnline' }
  | { type: 'wentOffline' }
  | { type: 'closed'; problem: Problem | null };
