import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Availability, DeviceId } from '#contracts';
import { presenceOf, type DeviceState } from './presence.js';
import {
  available,
  dueAt,
  nobody,
  settle,
  signs,
  unchanged,
  undisturbed,
  type Change,
  type PresenceRecord,
} from './presence-record.js';

const TTL = 45_000;
const GRACE = 11_000;
const NOON = Date.UTC(2026, 0, 15, 12);
const { report, hold, letGo } = signs(TTL);
const phone = 'phone' as DeviceId;
const laptop = 'laptop' as DeviceId;

const devices = fc.array(fc.constantFrom<DeviceState>('active', 'idle'), { maxLength: 6 });
const availability = fc.constantFrom<Availability>('auto', 'away');

describe('presence', () => {
  it('is offline without a device, whatever else', () => {
    fc.assert(
      fc.property(availability, fc.boolean(), (set, quiet) => {
        expect(presenceOf({ devices: [], availability: set, quiet })).toBe('offline');
      }),
    );
  });

  it('of any device in use is online, of idle ones away, unless it was said otherwise', () => {
    fc.assert(
      fc.property(devices, availability, fc.boolean(), (list, set, quiet) => {
        const state = presenceOf({ devices: list, availability: set, quiet });
        if (list.length === 0) return;
        if (quiet) expect(state).toBe('dnd');
        else if (set === 'away') expect(state).toBe('away');
        else expect(state).toBe(list.some((one) => one === 'active') ? 'online' : 'away');
      }),
    );
  });

  it('does not hang on the order of devices, and one more never makes it less', () => {
    const rank = { offline: 0, away: 1, dnd: 1, online: 2 };
    fc.assert(
      fc.property(devices, availability, fc.boolean(), (list, set, quiet) => {
        const of = (some: DeviceState[]) => presenceOf({ devices: some, availability: set, quiet });
        expect(of([...list].reverse())).toBe(of(list));
        expect(rank[of([...list, 'idle'])]).toBeGreaterThanOrEqual(rank[of(list)]);
        expect(rank[of([...list, 'active'])]).toBeGreaterThanOrEqual(rank[of([...list, 'idle'])]);
      }),
    );
  });
});

/** Applies changes at their times, looking at the record whenever it is due, as the processes do. */
const play = (script: readonly (readonly [number, Change])[], until: number) => {
  let record = nobody;
  const states: [number, PresenceRecord['state']][] = [];
  const take = (at: number, change: Change) => {
    const before = record;
    record = settle(change(record, at), at);
    if (record.state !== before.state) {
      expect(record.version).toBeGreaterThan(before.version);
      states.push([at - NOON, record.state]);
    } else expect(record.version).toBe(before.version);
  };
  let now = NOON;
  const pass = (to: number) => {
    for (let due = dueAt(record, now); due !== null && due <= to; due = dueAt(record, now)) {
      expect(due).toBeGreaterThan(now);
      take((now = due), unchanged);
    }
    now = to;
  };
  for (const [at, change] of script) {
    pass(NOON + at);
    take(now, change);
  }
  pass(NOON + until);
  return { record, states };
};

describe('what is known of somebody', () => {
  it('lasts for as long as their devices are heard of', () => {
    const { record, states } = play(
      [
        [0, report(laptop, 'active')],
        [30_000, report(laptop, 'active')],
        [40_000, report(phone, 'idle')],
      ],
      1_000_000,
    );
    expect(states).toEqual([
      [0, 'online'],
      [75_000, 'away'],
      [85_000, 'offline'],
    ]);
    expect(record.seenAt).toBe(NOON + 40_000);
    expect(record.devices).toEqual({});
  });

  it('is away while a stream alone is heard of, and gone soon after it was let go', () => {
    const { states } = play(
      [
        [0, hold(laptop, 'one')],
        [10_000, report(laptop, 'active')],
        [15_000, hold(laptop, 'two')],
        [16_000, letGo(laptop, 'one', GRACE)],
        [20_000, letGo(laptop, 'two', GRACE)],
      ],
      1_000_000,
    );
    expect(states).toEqual([
      [0, 'away'],
      [10_000, 'online'],
      [31_000, 'offline'],
    ]);
  });

  it('outlives a reconnect in time, without anybody noticing', () => {
    const { states } = play(
      [
        [0, hold(laptop, 'one')],
        [1, report(laptop, 'active')],
        [20_000, letGo(laptop, 'one', GRACE)],
        [25_000, hold(laptop, 'two')],
        [26_000, report(laptop, 'active')],
      ],
      60_000,
    );
    expect(states.map(([, state]) => state)).toEqual(['away', 'online']);
  });

  it('ends by itself when the process that held the stream dies', () => {
    const { states } = play([[0, hold(laptop, 'killed')]], 1_000_000);
    expect(states.at(-1)).toEqual([TTL, 'offline']);
  });

  it('is bounded, and away for those who say so', () => {
    const many = Array.from({ length: 30 }, (_, n) => [n, report(`d${n}` as DeviceId, 'active')] as const);
    const { record, states } = play([...many, [100, available('away')]], 200);
    expect(Object.keys(record.devices)).toHaveLength(20);
    expect(states.at(-1)).toEqual([100, 'away']);
  });

  it('is dnd while they want quiet, by their own clock, from the minute on', () => {
    const quietHours = { days: [4], from: '13:05', to: '13:20' };
    const wish = { dndUntil: new Date(NOON + 60_000).toISOString(), quietHours, timeZone: 'Europe/Berlin' };
    const beats = Array.from({ length: 60 }, (_, n) => [n * 30_000, report(laptop, 'active')] as const);
    const { states } = play([[0, undisturbed(wish, 1)], ...beats], 1_790_000);
    expect(states).toEqual([
      [0, 'dnd'],
      [60_000, 'online'],
      [5 * 60_000, 'dnd'],
      [20 * 60_000, 'online'],
    ]);
    const older = undisturbed({ ...wish, quietHours: null }, 0);
    expect(
      play(
        [
          [0, undisturbed(wish, 1)],
          [1, older],
        ],
        2,
      ).record.doNotDisturb?.quietHours,
    ).toEqual(quietHours);
  });

  it('always comes to an end by itself, whatever happened in which order', () => {
    const step = fc.record({
      after: fc.integer({ min: 0, max: 60_000 }),
      device: fc.constantFrom(phone, laptop),
      process: fc.constantFrom('one', 'two'),
      kind: fc.constantFrom('active', 'idle', 'hold', 'letGo'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let at = 0;
        const script = steps.map(({ after, device, process, kind }) => {
          at += after;
          if (kind === 'hold') return [at, hold(device, process)] as const;
          if (kind === 'letGo') return [at, letGo(device, process, GRACE)] as const;
          return [at, report(device, kind)] as const;
        });
        const { record, states } = play(script, at + TTL);
        // Nobody is there for longer than a sign of life lasts.
        expect(record.state).toBe('offline');
        expect(dueAt(record, NOON + at + TTL)).toBeNull();
        if (steps.some(({ kind }) => kind !== 'letGo')) expect(states.length).toBeGreaterThanOrEqual(2);
        for (const [index, [, state]] of states.entries()) expect(state).not.toBe(states[index - 1]?.[1]);
      }),
    );
  });
});
