import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  failuresAfter,
  STABLE_MS,
  transition,
  type ConnectionInput,
  type ConnectionState,
} from './connection-state.js';

const idle: ConnectionState = { status: 'idle' };
const connecting: ConnectionState = { status: 'connecting', attempt: 2 };
const live: ConnectionState = { status: 'live', since: 1_000, attempt: 2 };
const waiting: ConnectionState = { status: 'waiting', attempt: 3, retryAt: 5_000 };
const offline: ConnectionState = { status: 'offline' };
const closed: ConnectionState = { status: 'closed', problem: null };
const fresh: ConnectionState = { status: 'connecting', attempt: 0 };

const opened: ConnectionInput = { type: 'opened', now: 1_000 };
const failed: ConnectionInput = { type: 'failed', attempt: 3, retryAt: 5_000 };

const table: [ConnectionState, ConnectionInput, ConnectionState][] = [
  [idle, { type: 'start', online: true }, fresh],
  [idle, { type: 'start', online: false }, offline],
  [connecting, opened, live],
  [connecting, failed, waiting],
  [live, failed, waiting],
  [waiting, { type: 'due' }, { status: 'connecting', attempt: 3 }],
  [waiting, { type: 'wentOnline' }, fresh],
  [offline, { type: 'wentOnline' }, fresh],
  [offline, { type: 'due' }, fresh],
  [connecting, { type: 'wentOffline' }, offline],
  [live, { type: 'wentOffline' }, offline],
  [waiting, { type: 'wentOffline' }, offline],
  ...[idle, connecting, live, waiting, offline].map(
    (state): [ConnectionState, ConnectionInput, ConnectionState] => [
      state,
      { type: 'closed', problem: null },
      closed,
    ],
  ),
];

const without: [ConnectionState, ConnectionInput][] = [
  [connecting, { type: 'start', online: true }],
  [live, opened],
  [waiting, opened],
  [idle, failed],
  [waiting, failed],
  [offline, failed],
  [live, { type: 'due' }],
  [idle, { type: 'due' }],
  [live, { type: 'wentOnline' }],
  [idle, { type: 'wentOffline' }],
  [offline, { type: 'wentOffline' }],
];

const inputs = fc.oneof(
  fc.record({ type: fc.constant('start' as const), online: fc.boolean() }),
  fc.constant(opened),
  fc.constant(failed),
  fc.constantFrom<ConnectionInput>({ type: 'due' }, { type: 'wentOnline' }, { type: 'wentOffline' }),
  fc.constant<ConnectionInput>({ type: 'closed', problem: null }),
);

describe('connection state', () => {
  it.each(table)('%j on %j becomes %j', (from, input, to) => {
    expect(transition(from, input)).toEqual(to);
  });

  it.each(without)('%j takes no notice of %j', (from, input) => {
    expect(transition(from, input)).toBe(from);
  });

  it('never leaves closed', () => {
    fc.assert(fc.property(inputs, (input) => expect(transition(closed, input)).toBe(closed)));
  });

  it('is live only straight from connecting', () => {
    fc.assert(
      fc.property(fc.array(inputs), (all) => {
        let state: ConnectionState = idle;
        for (const input of all) {
          const next = transition(state, input);
          if (next.status === 'live' && next !== state) expect(state.status).toBe('connecting');
          state = next;
        }
      }),
    );
  });

  it('counts failures in a row, and begins anew after a stable connection only', () => {
    expect(failuresAfter(connecting, 2_000)).toBe(3);
    expect(failuresAfter(live, 1_000 + STABLE_MS - 1)).toBe(3);
    expect(failuresAfter(live, 1_000 + STABLE_MS)).toBe(1);
    expect(failuresAfter(offline, 2_000)).toBe(1);
  });
});
