import { z } from 'zod';
import { PresenceChanged } from './presence-changed.js';
import { TypingStarted } from './typing-started.js';
import { TypingStopped } from './typing-stopped.js';

/** Every ephemeral event, by type. */
export const ephemeralSchemas = {
  'presence.changed': PresenceChanged,
  'typing.started': TypingStarted,
  'typing.stopped': TypingStopped,
} as const;

export type EphemeralType = keyof typeof ephemeralSchemas;
export const EphemeralEvent = z.discriminatedUnion('type', [PresenceChanged, TypingStarted, TypingStopped]);
export type EphemeralEvent = z.infer<typeof EphemeralEvent>;
