import type { ChannelId, ClientMessageId, Message, ProblemCode } from '#contracts';
import type { Api } from './api.js';
import type { Clock, Connectivity } from './environment.js';
import type { OutboxStorage } from './outbox-storage.js';

export type OutboxMessage = {
  clientMessageId: ClientMessageId;
  channelId: ChannelId;
  text: string;
  /** RFC 3339, when it was written. */
  createdAt: string;
  state: 'queued' | 'sending' | 'failed';
  /** Why it failed; null otherwise. */
  code: ProblemCode | null;
};

export type OutboxOptions = {
  api: Pick<Api, 'sendMessage'>;
  storage: OutboxStorage;
  /** All unsent messages in order, after each change. Messages are replaced, never mutated. */
  onChange?: (messages: readonly OutboxMessage[]) => void;
  /** The server has it; called just before the `onChange` without it. */
  onSent?: (message: Message) => void;
  clock?: Clock;
  connectivity?: Connectivity;
  random?: () => number;
  newId?: () => ClientMessageId;
};

export declare class Outbox {
  /** Loads what storage holds and goes on sending it. */
  constructor(options: OutboxOptions);
  get messages(): readonly OutboxMessage[];
  /** Stores and queues; a channel's messages leave one after the other. */
  send(channelId: ChannelId, text: string): OutboxMessage;
  /** Queues a failed message again, behind the others of its channel, under the same id. */
  retry(clientMessageId: ClientMessageId): void;
  /** Forgets a failed or queued message. */
  discard(clientMessageId: ClientMessageId): void;
  /** Stops sending; what is unsent stays in storage. */
  close(): void;
}
