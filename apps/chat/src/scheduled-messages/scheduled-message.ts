import { createHash } from 'node:crypto';
import type {
  ChannelId,
  ClientMessageId,
  MessageId,
  Recurrence,
  ScheduledMessage,
  ScheduledMessageId,
  UserId,
  WorkspaceId,
} from '#contracts';
import { nextOccurrence } from '../recurrence/recurrence.js';

export type ScheduledRow = {
  id: ScheduledMessageId;
  userId: UserId;
  workspaceId: WorkspaceId;
  channelId: ChannelId;
  threadId: MessageId | null;
  alsoInChannel: boolean;
  text: string;
  sendAt: Date;
  /** Where the recurrence begins; its time of day is that of all. */
  firstAt: Date;
  recurrence: Recurrence | null;
  /** Which sending comes next; a new time is a new one too, so what was due at the old one is void. */
  occurrence: number;
  sentCount: number;
  state: ScheduledMessage['state'];
  failure: string | null;
  version: number;
  createdAt: Date;
};

export const presentScheduled = (row: ScheduledRow): ScheduledMessage => ({
  id: row.id,
  workspaceId: row.workspaceId,
  channelId: row.channelId,
  threadId: row.threadId,
  alsoInChannel: row.alsoInChannel,
  text: row.text,
  sendAt: row.sendAt.toISOString(),
  recurrence: row.recurrence,
  state: row.state,
  failure: row.failure,
  sentCount: row.sentCount,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
});

/**
 * The same for every try to send the same occurrence, whoever tries: what makes it one message. A UUID of
 * version 5 (RFC 9562 §5.5) in the name space of the scheduled message.
 */
export const clientMessageIdOf = ({
  id,
  occurrence,
}: Pick<ScheduledRow, 'id' | 'occurrence'>): ClientMessageId => {
  const hash = createHash('sha1')
    .update(Buffer.from(id.replaceAll('-', ''), 'hex'))
    .update(String(occurrence))
    .digest();
  hash.writeUInt8(((hash[6] as number) & 0x0f) | 0x50, 6);
  hash.writeUInt8(((hash[8] as number) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}` as ClientMessageId;
};

/**
 * When it is due again after it was sent at `now`; null when that was the last time. What was missed while no
 * worker ran isn't made up for.
 */
export const dueAfterSending = (
  row: Pick<ScheduledRow, 'recurrence' | 'firstAt' | 'sendAt' | 'sentCount'>,
  now: Date,
): Date | null => {
  const { recurrence, firstAt, sendAt, sentCount } = row;
  if (!recurrence || sentCount + 1 >= (recurrence.count ?? Infinity)) return null;
  return nextOccurrence(recurrence, firstAt, sendAt > now ? sendAt : now);
};
