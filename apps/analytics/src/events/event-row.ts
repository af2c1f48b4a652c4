import { z } from 'zod';
import { ChannelId, EventId, MessageId, Seq, Timestamp, UserId, WorkspaceId } from '#contracts';

/** What every event has, whatever its type: also types that are newer than this service are counted. */
export const AnyEvent = z.object({
  id: EventId,
  type: z.string().min(1).max(100),
  time: Timestamp,
  workspaceId: WorkspaceId.nullable(),
  channelId: ChannelId.nullable(),
  actorId: UserId,
  seq: Seq.nullable(),
  data: z.unknown(),
});
export type AnyEvent = z.infer<typeof AnyEvent>;

/** A row of the table `events`: who did what, where and when; of a text only its length. */
export type EventRow = {
  id: string;
  type: string;
  time: string;
  workspace_id: string;
  channel_id: string;
  actor_id: string;
  message_id: string;
  seq: number;
  text_length: number;
};

const NONE = '00000000-0000-0000-0000-000000000000';
const AboutMessage = z.object({ message: z.object({ id: MessageId, text: z.string() }) });

/** A time as ClickHouse reads a `DateTime64(3)`: `YYYY-MM-DD hh:mm:ss.SSS`, UTC. */
export const clickhouseTime = (time: Date): string => time.toISOString().slice(0, 23).replace('T', ' ');

export const rowOf = (event: AnyEvent): EventRow => {
  const about = AboutMessage.safeParse(event.data).data?.message;
  return {
    id: event.id,
    type: event.type,
    time: clickhouseTime(new Date(event.time)),
    workspace_id: event.workspaceId ?? NONE,
    channel_id: event.channelId ?? NONE,
    actor_id: event.actorId,
    message_id: about?.id ?? NONE,
    seq: event.seq ?? 0,
    text_length: about?.text.length ?? 0,
  };
};
