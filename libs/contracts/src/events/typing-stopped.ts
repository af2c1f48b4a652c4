import type { z } from 'zod';
import { ephemeral } from './ephemeral.js';
import { Typing } from './typing-started.js';

/** They have sent it, given up, or not been heard of for a while. */
export const TypingStopped = ephemeral('typing.stopped', Typing);
export type TypingStopped = z.infer<typeof TypingStopped>;
