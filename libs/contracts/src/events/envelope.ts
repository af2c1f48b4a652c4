import { z } from 'zod';
import { ChannelId, EventId, Seq, Timestamp, UserId, WorkspaceId } from '../ids.js';

/**
 * Builds the schema of one event: CloudEvents 1.0 attribute names plus ours. `workspaceId` is null for
 * account events, `channelId` and `seq` are null where no channel or message is meant.
 */
export const event = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({
    id: EventId,
    type: z.literal(type),
    source: z.string(),
    time: Timestamp,
    workspaceId: WorkspaceId.nullable(),
    channelId: ChannelId.nullable(),
    actorId: UserId,
    /** W3C Trace Context; null when the cause is not traced. */
    traceparent: z.string().nullable(),
    data,
    seq: Seq.nullable(),
  });
