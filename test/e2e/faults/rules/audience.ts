import type { DeviceRecord, Heard, LogEntry } from '../history.ts';
import { eventsHeard, type Ledger } from '../ledger.ts';

type HeardEvent = Extract<Heard, { kind: 'event' }>;

/** Positions a device jumped over because the server said that it can't continue. */
const gapsOf = (heard: readonly Heard[]): { from: number; to: number }[] => {
  const gaps: { from: number; to: number }[] = [];
  let last = 0;
  for (const one of heard) {
    if (one.kind === 'resync') gaps.push({ from: last, to: one.position });
    if (one.kind === 'event' || one.kind === 'resync') last = one.position;
  }
  return gaps;
};

const beginningOf = (heard: readonly Heard[]): number => {
  const first = heard.find((one) => one.kind === 'state');
  return first?.kind === 'state' ? first.cursor : Infinity;
};

/**
 * Whether a device must have heard what was for it: everything, to its end, as long as its person stays. Who
 * left since may have been away when it was said; but once a device has heard something later while its
 * person still belonged there, nothing before may be missing.
 */
const mustHear = (
  entry: LogEntry,
  ledger: Ledger,
  personId: string,
  heard: readonly HeardEvent[],
): boolean => {
  const stay = ledger.stayAt(entry, personId);
  if (!stay) return false;
  if (stay.to === Infinity) return true;
  return heard.some(({ position, at }) => position > entry.position && at < stay.endedAt);
};

const missing = (device: DeviceRecord, ledger: Ledger): string[] => {
  const heard = eventsHeard(device.heard);
  const ids = new Set(heard.map(({ id }) => id));
  const gaps = gapsOf(device.heard);
  const from = beginningOf(device.heard);
  return ledger.history.log
    .filter(
      (entry) =>
        entry.position > from &&
        !ledger.isOutdated(entry) &&
        !ids.has(entry.event.id) &&
        !gaps.some((gap) => gap.from < entry.position && entry.position <= gap.to) &&
        mustHear(entry, ledger, device.personId, heard),
    )
    .map((entry) => `${device.name} never heard ${ledger.describe(entry)}`);
};

const overheard = (device: DeviceRecord, ledger: Ledger): string[] =>
  eventsHeard(device.heard).flatMap(({ position, at }) => {
    const entry = ledger.entries.get(position);
    if (!entry) return [];
    if (ledger.isOutdated(entry))
      return [`${device.name} heard ${ledger.describe(entry)}, which is outdated`];
    if (ledger.stayAt(entry, device.personId) || ledger.isOwnLeaving(entry, device.personId)) return [];
    if (ledger.wasInUntold(entry, device.personId)) return [];
    if (ledger.cameAfter(entry, device.personId, at)) return [];
    return [
      `${device.name} heard ${ledger.describe(entry)}, which was not for ${ledger.name(device.personId)}`,
    ];
  });

/** Every event reached every device of everybody it was for. */
export const everyoneHeard = (ledger: Ledger): string[] =>
  ledger.history.devices.filter(({ admitted }) => admitted).flatMap((device) => missing(device, ledger));

/** No event reached anybody else. */
export const nobodyElseHeard = (ledger: Ledger): string[] =>
  ledger.history.devices.flatMap((device) => [
    ...overheard(device, ledger),
    ...(device.admitted || !device.heard.some(({ kind }) => kind === 'opened')
      ? []
      : [`${device.name} was given a stream of a workspace that ${ledger.name(device.personId)} is not in`]),
  ]);
