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

/** A connection that lasted this long was a good one: counting failures begins anew after it. */
export const STABLE_MS = 10_000;

/** How many failures in a row it makes if the connection fails now. */
export const failuresAfter = (state: ConnectionState, now: number): number => {
  if (state.status === 'live' && now - state.since >= STABLE_MS) return 1;
  return 'attempt' in state ? state.attempt + 1 : 1;
};

/** Inputs that mean nothing in a state return that very state. */
export const transition = (state: ConnectionState, input: ConnectionInput): ConnectionState => {
  if (state.status === 'closed') return state;
  switch (input.type) {
    case 'start':
      if (state.status !== 'idle') return state;
      return input.online ? { status: 'connecting', attempt: 0 } : { status: 'offline' };
    case 'opened':
      if (state.status !== 'connecting') return state;
      return { status: 'live', since: input.now, attempt: state.attempt };
    case 'failed':
      if (state.status !== 'connecting' && state.status !== 'live') return state;
      return { status: 'waiting', attempt: input.attempt, retryAt: input.retryAt };
    case 'due':
      if (state.status === 'waiting') return { status: 'connecting', attempt: state.attempt };
      // The device may be wrong about being offline: trying on demand is allowed.
      return state.status === 'offline' ? { status: 'connecting', attempt: 0 } : state;
    case 'wentOnline':
      return state.status === 'offline' || state.status === 'waiting'
        ? { status: 'connecting', attempt: 0 }
        : state;
    case 'wentOffline':
      return state.status === 'idle' || state.status === 'offline' ? state : { status: 'offline' };
    case 'closed':
      return { status: 'closed', problem: input.problem };
  }
};
