import { isQuiet, sameQuietUntil } from '#contracts';
import type {
  Availability,
  DeviceId,
  DoNotDisturb,
  MyPresence,
  Presence,
  PresenceState,
  UserId,
} from '#contracts';
import { presenceOf, type DeviceState } from './presence.js';

/** A client instance. It is in use until `activeUntil`, and there until the last of the other times. */
export type Device = { activeUntil: number; until: number; streams: Record<string, number> };

/** What is known of somebody, as it is stored. Times are in ms. */
export type PresenceRecord = {
  devices: Record<DeviceId, Device>;
  availability: Availability;
  /** When a device was last heard of. */
  seenAt: number | null;
  /** Null until chat was asked. */
  doNotDisturb: (DoNotDisturb & { askedAt: number }) | null;
  /** How the others see them, and since which change. */
  state: PresenceState;
  version: number;
};
export type Change = (record: PresenceRecord, now: number) => PresenceRecord;

const MAX_DEVICES = 20;

export const nobody: PresenceRecord = {
  devices: {},
  availability: 'auto',
  seenAt: null,
  doNotDisturb: null,
  state: 'offline',
  version: 0,
};

const endOf = ({ until, streams }: Device): number => Math.max(until, ...Object.values(streams));
const stateOf = (device: Device, now: number): DeviceState | null => {
  if (endOf(device) <= now) return null;
  return device.activeUntil > now ? 'active' : 'idle';
};

const held = ({ streams }: Device, now: number): Record<string, number> =>
  Object.fromEntries(Object.entries(streams).filter(([, end]) => end > now));

const quietAt = ({ doNotDisturb }: PresenceRecord, now: number): boolean => {
  if (!doNotDisturb) return false;
  const { dndUntil, quietHours, timeZone } = doNotDisturb;
  if (dndUntil !== null && Date.parse(dndUntil) > now) return true;
  return quietHours !== null && isQuiet(quietHours, timeZone ?? 'UTC', new Date(now));
};

const change = (
  record: PresenceRecord,
  deviceId: DeviceId,
  now: number,
  fields: (device: Device) => Partial<Device>,
): PresenceRecord => {
  const device = record.devices[deviceId] ?? { activeUntil: 0, until: 0, streams: {} };
  return {
    ...record,
    seenAt: now,
    devices: { ...record.devices, [deviceId]: { ...device, ...fields(device) } },
  };
};

/** What may be told to the record. Signs of life last for `ttlMs`. */
export const signs = (ttlMs: number) => ({
  /** The client says that it is in use, or idle. */
  report:
    (deviceId: DeviceId, state: DeviceState): Change =>
    (record, now) => {
      const until = now + ttlMs;
      return change(record, deviceId, now, () => ({ until, activeUntil: state === 'active' ? until : 0 }));
    },

  /** A process holds a stream of the device. */
  hold:
    (deviceId: DeviceId, processId: string): Change =>
    (record, now) =>
      change(record, deviceId, now, ({ streams }) => ({ streams: { ...streams, [processId]: now + ttlMs } })),

  /** The stream is over. Who does not come back soon has gone, whatever they said before. */
  letGo:
    (deviceId: DeviceId, processId: string, graceMs: number): Change =>
    (record, now) => {
      if (!record.devices[deviceId]) return record;
      return change(record, deviceId, now, ({ streams, activeUntil }) => {
        const { [processId]: _over, ...others } = streams;
        const until = now + graceMs;
        const held = Object.values(others).some((end) => end > now);
        return { streams: others, ...(held ? {} : { until, activeUntil: Math.min(activeUntil, until) }) };
      });
    },
});

export const available =
  (availability: Availability): Change =>
  (record) => ({ ...record, availability });

/** What chat said, unless something newer is known. */
export const undisturbed =
  (wish: DoNotDisturb, askedAt: number): Change =>
  (record) =>
    record.doNotDisturb && record.doNotDisturb.askedAt > askedAt
      ? record
      : { ...record, doNotDisturb: { ...wish, askedAt } };

/** Time has passed. */
export const unchanged: Change = (record) => record;

/** The record as it stands now: without devices that are gone, and with the state that the others see. */
export const settle = (record: PresenceRecord, now: number): PresenceRecord => {
  const there = Object.entries(record.devices)
    .filter(([, device]) => stateOf(device, now) !== null)
    .sort(([, a], [, b]) => endOf(b) - endOf(a))
    .slice(0, MAX_DEVICES)
    .map(([id, device]) => [id, { ...device, streams: held(device, now) }] as const);
  const state = presenceOf({
    devices: there.flatMap(([, device]) => stateOf(device, now) ?? []),
    availability: record.availability,
    quiet: quietAt(record, now),
  });
  const devices = Object.fromEntries(there);
  if (state === record.state) return { ...record, devices };
  // By the clock, so that it grows even when what was stored is lost.
  return { ...record, devices, state, version: Math.max(record.version + 1, now) };
};

/** When time alone may change the record; null for never. */
export const dueAt = (record: PresenceRecord, now: number): number | null => {
  const devices = Object.values(record.devices);
  if (devices.length === 0) return null;
  const times = devices.flatMap((device) => [device.activeUntil, endOf(device)]);
  if (record.doNotDisturb) {
    const { dndUntil, quietHours, timeZone } = record.doNotDisturb;
    if (dndUntil !== null) times.push(Date.parse(dndUntil));
    if (quietHours) times.push(sameQuietUntil(quietHours, timeZone ?? 'UTC', new Date(now)).getTime());
  }
  return Math.min(...times.filter((time) => time > now));
};

export const present = (userId: UserId, { state, seenAt, version }: PresenceRecord): Presence => ({
  userId,
  state,
  lastSeenAt: state === 'offline' && seenAt !== null ? new Date(seenAt).toISOString() : null,
  version,
});

export const presentMine = (userId: UserId, record: PresenceRecord): MyPresence => ({
  presence: present(userId, record),
  availability: record.availability,
});
