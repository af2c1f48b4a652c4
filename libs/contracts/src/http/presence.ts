import { z } from 'zod';
import { DeviceId, Timestamp, UserId } from '../ids.js';

export const PresenceState = z.enum(['online', 'away', 'dnd', 'offline']);
export type PresenceState = z.infer<typeof PresenceState>;

export const Presence = z.object({
  userId: UserId,
  state: PresenceState,
  /** When a device of theirs was last heard of; null while they are not offline, or when it is not known. */
  lastSeenAt: Timestamp.nullable(),
  /** Grows with each change. */
  version: z.int().min(0),
});
export type Presence = z.infer<typeof Presence>;

/** `away`: not online whatever the devices say. */
export const Availability = z.enum(['auto', 'away']);
export type Availability = z.infer<typeof Availability>;

export const MyPresence = z.object({ presence: Presence, availability: Availability });
export type MyPresence = z.infer<typeof MyPresence>;

export const ReportPresence = z.strictObject({
  deviceId: DeviceId,
  /** Whether the person does something there. */
  state: z.enum(['active', 'idle']),
});
export type ReportPresence = z.infer<typeof ReportPresence>;

export const SetAvailability = z.strictObject({ availability: Availability });
export type SetAvailability = z.infer<typeof SetAvailability>;

export const SubscribePresence = z.strictObject({
  /** Whose streams are told, those opened with this `deviceId`. */
  deviceId: DeviceId,
  /** Those on screen; in place of the ones before. */
  userIds: z.array(UserId).max(500),
});
export type SubscribePresence = z.infer<typeof SubscribePresence>;

/** Without those of whom one may not know. */
export const Presences = z.object({ presences: z.array(Presence) });
export type Presences = z.infer<typeof Presences>;
