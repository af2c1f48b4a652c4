import {
  MAX_MENTIONS,
  parseMentions,
  type ChannelId,
  type ClientMessageId,
  type ForwardedMessage,
  type Mention,
  type Message,
  type MessageId,
  type PollDefinition,
  type UserId,
  type WorkspaceId,
} from '#contracts';
import { uuidv7 } from '#core';
import { DomainError } from '#platform';
import { SOURCE } from '../events/new-event.js';
import { tally } from './poll.js';
import type { Clearance } from './posting.js';
import type { SendRow } from './send.statement.js';

export type Send = {
  workspaceId: WorkspaceId;
  channelId: ChannelId;
  senderId: UserId;
  clientMessageId: ClientMessageId;
  text: string;
  traceparent: string | null;
  threadId?: MessageId | undefined;
  alsoInChannel?: boolean | undefined;
  poll?: PollDefinition | undefined;
  forwarded?: ForwardedMessage | undefined;
  clearance?: Clearance | undefined;
};

/** A message that has everything but its seq and ordinal, which the database allocates. */
export type NewMessage = Send & {
  id: MessageId;
  eventId: string;
  createdAt: string;
  head: string;
  inChannel: boolean;
  mentions: Mention[];
};

/** Throws `message.too_many_mentions`. */
export const mentionsOf = ({ text }: { text: string }): Mention[] => {
  const mentions = parseMentions(text);
  if (mentions.length > MAX_MENTIONS)
    throw new DomainError('message.too_many_mentions', {
      errors: [{ pointer: '/text', detail: `mentions more than ${MAX_MENTIONS}` }],
    });
  return mentions;
};

/**
 * Serialises a message and its event once. `ordinal` and `seq` stand last in both, so the database (for
 * the outbox) and the process (for the reply and the publish) append them to the same text.
 */
export const newMessage = (send: Send): NewMessage => {
  const createdAt = new Date().toISOString();
  const id = uuidv7() as MessageId;
  const { workspaceId, channelId, senderId, clientMessageId, text, threadId, poll, forwarded } = send;
  const inChannel = threadId === undefined || send.alsoInChannel === true;
  const mentions = mentionsOf(send);
  const message: Omit<Message, 'seq'> = {
    id,
    workspaceId,
    channelId,
    senderId,
    clientMessageId,
    text,
    createdAt,
    editedAt: null,
    deletedAt: null,
    version: 1,
    ...(threadId ? { threadId, inChannel } : {}),
    ...(mentions.length > 0 ? { mentions } : {}),
    ...(forwarded ? { forwarded } : {}),
    ...(poll ? { poll: tally(poll, null) } : {}),
  };
  return {
    ...send,
    id,
    eventId: uuidv7(),
    createdAt,
    inChannel,
    mentions,
    head: `${JSON.stringify(message).slice(0, -1)},`,
  };
};

/** Whether the message needs more than the plain statement does. */
export const isRich = ({ threadId, mentions, poll, forwarded }: NewMessage): boolean =>
  threadId !== undefined || mentions.length > 0 || poll !== undefined || forwarded !== undefined;

/** Calls everyone, now or here. */
export const isWide = ({ mentions }: Pick<NewMessage, 'mentions'>): boolean =>
  mentions.some(({ kind }) => kind === 'channel' || kind === 'here');

/** By whose id a mention is found again. Nobody calls themselves. */
export const mentionTargets = (
  mentions: readonly Mention[],
  { channelId, senderId }: { channelId: ChannelId; senderId: UserId },
): string[] => {
  const targets = mentions.map((mention) => ('id' in mention ? mention.id : channelId) as string);
  return [...new Set(targets)].filter((target) => target !== senderId);
};

/** What the database allocated. */
export type Place = Pick<SendRow, 'ordinal' | 'summary'> & { seq: number };

const tail = ({ seq, ordinal }: Place): string =>
  `${ordinal === null ? '' : `"ordinal":${ordinal},`}"seq":${seq}}`;

export const messageJson = (message: NewMessage, place: Place): string => message.head + tail(place);

/** Text of the `message.created` event up to the message's ordinal and seq. */
export const eventHead = (message: NewMessage): string =>
  `{"id":"${message.eventId}","type":"message.created","source":"${SOURCE}","time":"${message.createdAt}",` +
  `"workspaceId":"${message.workspaceId}","channelId":"${message.channelId}","actorId":"${message.senderId}",` +
  `"traceparent":${JSON.stringify(message.traceparent)},"data":{"message":${message.head}`;

/** The event's text; `SEND` builds the same. */
export const eventJson = (head: string, place: Place): string =>
  `${head}${tail(place)}${place.summary === null ? '' : `,"thread":${place.summary}`}},"seq":${place.seq}}`;
