import { z } from 'zod';
import { TypingStarted } from './typing-started.js';
import { TypingStopped } from './typing-stopped.js';

/** Every ephemeral event, by type. */
export const ephemeralSchemas = {
  'typing.started': TypingStarted,
  'typing.stopped': TypingStopped,
} as const;

export type EphemeralType = keyof typeof ephemeralSchemas;
export const EphemeralEvent = z.discriminatedUnion('type', [TypingStarted, TypingStopped]);
export type EphemeralEvent = z.infer<typeof EphemeralEvent>;
