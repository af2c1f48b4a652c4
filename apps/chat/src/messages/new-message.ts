import type { ChannelId, ClientMessageId, MessageId, UserId, WorkspaceId } from '#contracts';
import { uuidv7 } from '#core';
import { SOURCE } from '../events/new-event.js';

export type Send = {
  workspaceId: WorkspaceId;
  channelId: ChannelId;
  senderId: UserId;
  clientMessageId: ClientMessageId;
  text: string;
  traceparent: string | null;
};

/** A message that has everything but its seq, which the database allocates. */
export type NewMessage = Send & { id: MessageId; eventId: string; createdAt: string; head: string };

/**
 * Serialises a message and its event once. `seq` stands last in both, so the database (for the outbox)
 * and the process (for the reply and the publish) append it to the same text.
 */
export const newMessage = (send: Send): NewMessage => {
  const createdAt = new Date().toISOString();
  const id = uuidv7() as MessageId;
  const { workspaceId, channelId, senderId, clientMessageId, text } = send;
  const message = {
    id,
    workspaceId,
    channelId,
    senderId,
    clientMessageId,
    text,
    createdAt,
    editedAt: null,
    deletedAt: null,
  };
  return {
    ...send,
    id,
    eventId: uuidv7(),
    createdAt,
    head: `${JSON.stringify(message).slice(0, -1)},"seq":`,
  };
};

export const messageJson = (message: NewMessage, seq: number): string => `${message.head}${seq}}`;

/** Text of the `message.created` event up to the message's seq. */
export const eventHead = (message: NewMessage): string =>
  `{"id":"${message.eventId}","type":"message.created","source":"${SOURCE}","time":"${message.createdAt}",` +
  `"workspaceId":"${message.workspaceId}","channelId":"${message.channelId}","actorId":"${message.senderId}",` +
  `"traceparent":${JSON.stringify(message.traceparent)},"data":{"message":${message.head}`;

/** The event's text; `SEND` in the repository builds the same. */
export const eventJson = (head: string, seq: number): string => `${head}${seq}}},"seq":${seq}}`;
