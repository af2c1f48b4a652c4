import type { DeviceRecord } from '../history.ts';
import type { Ledger } from '../ledger.ts';

const check = (device: DeviceRecord, ledger: Ledger): string[] => {
  const wrong: string[] = [];
  let last = 0;
  for (const one of device.heard) {
    if (one.kind === 'resync') last = 0;
    if (one.kind !== 'event') continue;
    const entry = ledger.entries.get(one.position);
    if (!entry) wrong.push(`${device.name} heard event ${one.id} at ${one.position}, where the log has none`);
    else if (entry.event.id !== one.id)
      wrong.push(
        `${device.name} heard event ${one.id} at ${one.position}, where the log has ${entry.event.id}`,
      );
    if (one.position <= last)
      wrong.push(`${device.name} heard event ${one.id} at ${one.position} after what stands at ${last}`);
    last = one.position;
  }
  return wrong;
};

/** Each device heard what the log has, in its order, and nothing a second time. */
export const streamsFollowTheLog = (ledger: Ledger): string[] =>
  ledger.history.devices.flatMap((device) => check(device, ledger));
