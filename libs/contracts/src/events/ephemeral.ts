import { z } from 'zod';
import { Timestamp, WorkspaceId } from '../ids.js';

/**
 * Builds the schema of an event that is true for a moment only: never stored, never replayed, without an id
 * and without a place in the stream.
 */
export const ephemeral = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({ type: z.literal(type), time: Timestamp, workspaceId: WorkspaceId, data });
