import type { EventId, EventOf, EventType, UserId } from '#contracts';
import { uuidv7 } from '#core';
import { currentTraceparent } from '#platform';

/** `source` of every event that notify emits. */
const SOURCE = '/notify';

/** An event of a person's account: a new id, the trace it happens in. */
export const newAccountEvent = <Type extends EventType>(
  type: Type,
  userId: UserId,
  time: Date,
  data: EventOf<Type>['data'],
): EventOf<Type> =>
  ({
    id: uuidv7() as EventId,
    type,
    source: SOURCE,
    time: time.toISOString(),
    workspaceId: null,
    channelId: null,
    actorId: userId,
    traceparent: currentTraceparent(),
    data,
    seq: null,
  }) as unknown as EventOf<Type>;
