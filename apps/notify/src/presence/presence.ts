import type { Availability, PresenceState, ReportPresence } from '#contracts';

export type DeviceState = ReportPresence['state'];
export type Signs = {
  /** Of the devices that are there. */
  devices: readonly DeviceState[];
  availability: Availability;
  /** Wants to be left alone at this time. */
  quiet: boolean;
};

/** How somebody is seen, by everything that is known: the one place that decides it. */
export const presenceOf = ({ devices, availability, quiet }: Signs): PresenceState => {
  if (devices.length === 0) return 'offline';
  if (quiet) return 'dnd';
  return availability === 'auto' && devices.includes('active') ? 'online' : 'away';
};
