import type { ChannelId, EventId, EventOf, EventType, UserId, WorkspaceId } from '#contracts';
import { uuidv7 } from '#core';
import { currentTraceparent } from '#platform';

/** `source` of every event that chat emits. */
export const SOURCE = '/chat';

type About = {
  workspaceId: WorkspaceId | null;
  channelId?: ChannelId;
  actorId: UserId;
  seq?: number;
  time: Date;
};

/** Fills the envelope of an event: a new id, the trace it happens in, nulls where nothing is meant. */
export const newEvent = <Type extends EventType>(
  type: Type,
  about: About,
  data: EventOf<Type>['data'],
): EventOf<Type> =>
  ({
    id: uuidv7() as EventId,
    type,
    source: SOURCE,
    time: about.time.toISOString(),
    workspaceId: about.workspaceId,
    channelId: about.channelId ?? null,
    actorId: about.actorId,
    traceparent: currentTraceparent(),
    data,
    seq: about.seq ?? null,
  }) as unknown as EventOf<Type>;
