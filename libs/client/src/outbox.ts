import type { ChannelId, ClientMessageId, Message, ProblemCode } from '#contracts';
import { ApiProblem } from './api-problem.js';
import type { Api } from './api.js';
import { backoffMs } from './backoff.js';
import { newClientMessageId } from './client-message-id.js';
import { browserConnectivity, systemClock, type Clock, type Connectivity } from './environment.js';
import { isolate } from './isolate.js';
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
  /** Order among the messages of one person. */
  position: number;
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
  /** In [0, 1). */
  random?: () => number;
  newId?: () => ClientMessageId;
};

const RETRY_MS = 1_000;

/** One channel's line: `wake` ends the wait before the next try. */
type Lane = { failures: number; wake: (() => void) | null };

/**
 * Messages on their way to the server. What `send` took in is sent exactly once: it is stored first, and
 * repeated under the same `clientMessageId`, by which the server knows it again.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #clock: Clock;
  readonly #connectivity: Connectivity;
  readonly #random: () => number;
  readonly #lanes = new Map<ChannelId, Lane>();
  readonly #closing = new AbortController();
  readonly #unsubscribe: () => void;
  #messages: readonly OutboxMessage[];

  /** Loads what storage holds and goes on sending it. */
  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#connectivity = options.connectivity ?? browserConnectivity();
    this.#random = options.random ?? Math.random;
    this.#messages = options.storage
      .load()
      .map(({ failure, ...message }) => ({
        ...message,
        state: failure === null ? ('queued' as const) : ('failed' as const),
        code: failure as ProblemCode | null,
      }))
      .sort((a, b) => a.position - b.position);
    this.#unsubscribe = this.#connectivity.subscribe((online) => online && this.#resume());
    this.#resume();
  }

  get messages(): readonly OutboxMessage[] {
    return this.#messages;
  }

  /** Stores and queues; a channel's messages leave one after the other. */
  send(channelId: ChannelId, text: string): OutboxMessage {
    const message: OutboxMessage = {
      clientMessageId: (this.#options.newId ?? newClientMessageId)(),
      channelId,
      text,
      createdAt: new Date(this.#clock.now()).toISOString(),
      state: 'queued',
      code: null,
      position: this.#nextPosition(),
    };
    this.#put(message);
    this.#pump(channelId);
    return message;
  }

  /** Queues a failed message again, behind the others of its channel, under the same id. */
  retry(clientMessageId: ClientMessageId): void {
    const message = this.#find(clientMessageId);
    if (message?.state !== 'failed') return;
    this.#put({ ...message, state: 'queued', code: null, position: this.#nextPosition() });
    this.#pump(message.channelId);
  }

  /** Forgets a failed or queued message; one being sent may have arrived already. */
  discard(clientMessageId: ClientMessageId): void {
    const message = this.#find(clientMessageId);
    if (!message || message.state === 'sending') return;
    this.#options.storage.remove(clientMessageId);
    this.#change(this.#messages.filter((other) => other !== message));
  }

  /** Stops sending; what is unsent stays in storage. */
  close(): void {
    this.#closing.abort();
    this.#unsubscribe();
    for (const lane of this.#lanes.values()) lane.wake?.();
  }

  #resume(): void {
    for (const lane of this.#lanes.values()) lane.wake?.();
    for (const channelId of new Set(this.#messages.map((message) => message.channelId)))
      this.#pump(channelId);
  }

  #pump(channelId: ChannelId): void {
    if (!this.#lanes.has(channelId)) void this.#drain(channelId);
  }

  async #drain(channelId: ChannelId): Promise<void> {
    const lane: Lane = { failures: 0, wake: null };
    this.#lanes.set(channelId, lane);
    for (let next = this.#head(channelId); next; next = this.#head(channelId)) {
      const retryAfterMs = await this.#attempt(next);
      lane.failures = retryAfterMs === false ? 0 : lane.failures + 1;
      if (retryAfterMs !== false) await this.#rest(lane, retryAfterMs);
    }
    this.#lanes.delete(channelId);
  }

  /** The oldest one to send; none while the device is offline. */
  #head(channelId: ChannelId): OutboxMessage | undefined {
    if (this.#closing.signal.aborted || !this.#connectivity.isOnline()) return undefined;
    return this.#messages.find((message) => message.channelId === channelId && message.state === 'queued');
  }

  /** False when the message is settled, otherwise how long the server wants to be left alone. */
  async #attempt(message: OutboxMessage): Promise<number | null | false> {
    const { clientMessageId, channelId } = message;
    const outcome = await this.#options.storage
      .exclusively(channelId, () => this.#request(message))
      .catch((error: unknown) => ({ error }));
    if (outcome === 'gone') return this.#forget(clientMessageId);
    if ('sent' in outcome) {
      const { sent } = outcome;
      isolate(() => this.#options.onSent?.(sent));
      return this.#forget(clientMessageId);
    }
    const problem = outcome.error instanceof ApiProblem ? outcome.error : null;
    if (problem && !problem.isTransient) {
      this.#put({ ...message, state: 'failed', code: problem.code });
      return false;
    }
    this.#replace({ ...message, state: 'queued' });
    return problem?.retryAfterMs ?? null;
  }

  async #request(message: OutboxMessage): Promise<'gone' | { sent: Message }> {
    const { clientMessageId, channelId, text } = message;
    const { api, storage } = this.#options;
    const { signal } = this.#closing;
    signal.throwIfAborted();
    // Whoever loaded the same storage may have sent it, or thrown it away, while this one waited.
    if (!this.#find(clientMessageId) || !storage.has(clientMessageId)) return 'gone';
    this.#replace({ ...message, state: 'sending' });
    const sent = await api.sendMessage({ path: { channelId }, body: { clientMessageId, text }, signal });
    // A crash before this line is harmless: the next start sends it again, and the server knows the id.
    storage.remove(clientMessageId);
    return { sent };
  }

  #forget(id: ClientMessageId): false {
    if (this.#find(id)) this.#change(this.#messages.filter((other) => other.clientMessageId !== id));
    return false;
  }

  #rest(lane: Lane, retryAfterMs: number | null): Promise<void> {
    const delay = backoffMs(lane.failures, RETRY_MS, this.#random, retryAfterMs);
    return new Promise((resolve) => {
      if (this.#closing.signal.aborted) return resolve();
      const done = () => {
        cancel();
        lane.wake = null;
        resolve();
      };
      const cancel = this.#clock.after(delay, done);
      lane.wake = done;
    });
  }

  /** Later than all others, also than those of another tab. */
  #nextPosition(): number {
    return Math.max(this.#clock.now(), (this.#messages.at(-1)?.position ?? 0) + 1);
  }

  #find(id: ClientMessageId): OutboxMessage | undefined {
    return this.#messages.find((message) => message.clientMessageId === id);
  }

  #put(message: OutboxMessage): void {
    const { state: _state, code, ...rest } = message;
    this.#options.storage.put({ ...rest, failure: code });
    this.#replace(message);
  }

  #replace(message: OutboxMessage): void {
    const index = this.#messages.findIndex((other) => other.clientMessageId === message.clientMessageId);
    const moved = index < 0 || this.#messages[index]?.position !== message.position;
    this.#change(
      moved
        ? [...this.#messages.filter((_, i) => i !== index), message]
        : this.#messages.with(index, message),
    );
  }

  #change(messages: readonly OutboxMessage[]): void {
    this.#messages = messages;
    isolate(() => this.#options.onChange?.(messages));
  }
}
