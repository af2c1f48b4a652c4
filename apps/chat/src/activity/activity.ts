import type { Activity, ActivityId, ActivityKind, Message, MessageId, UserId } from '#contracts';
import { activityKinds } from '#contracts';

/** An entry as it is found: of a message its id is the entry's, a reaction has one made of its time. */
export type ActivityRow = {
  id: ActivityId;
  kind: Activity['kind'];
  messageId: MessageId;
  reactorId: UserId | null;
  emoji: string | null;
  reactedAt: Date | null;
};

export const OLDEST = '00000000-0000-0000-0000-000000000000';
const LATEST_DATE = Date.parse('9999-12-31T23:59:59.999Z');

export const kindsOf = (kinds: string | undefined): readonly ActivityKind[] =>
  kinds === undefined ? activityKinds : activityKinds.filter((kind) => kinds.split(',').includes(kind));

/** The time in a UUIDv7, in milliseconds. */
export const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** The same as Postgres takes it, without end for what lies beyond all dates. */
export const timestampOf = (id: string): string =>
  timeOf(id) > LATEST_DATE ? 'infinity' : new Date(timeOf(id)).toISOString();

/** Null when the message is gone meanwhile. */
export const presentActivity = (
  row: ActivityRow,
  message: Message | undefined,
  lastReadId: string | null,
): Activity | null => {
  if (!message) return null;
  const unread = lastReadId === null || row.id > lastReadId;
  const { id, kind } = row;
  if (row.reactorId && row.reactedAt && row.emoji)
    return {
      id,
      kind,
      actorId: row.reactorId,
      message,
      emoji: row.emoji,
      at: row.reactedAt.toISOString(),
      unread,
    };
  return { id, kind, actorId: message.senderId, message, at: message.createdAt, unread };
};
