import { createInbox, headers, type NatsConnection } from '@nats-io/nats-core';
import type pg from 'pg';

interface Outgoing {
  readonly eventId: string;
  readonly payload: string;
  sentAt: number;
}

const IN_FLIGHT = 256;
const RETRY_AFTER_MS = 5_000;

/**
 * Publishes after the commit, many in flight, and clears the outbox in batches once JetStream has acknowledged. It
 * listens to the acknowledgements on an inbox of its own: the client library's `publish` makes two Error objects with
 * stack traces per request, a fifth of this process' time.
 */
export class Publisher {
  readonly #nats: NatsConnection;
  readonly #subject: string;
  readonly #database: pg.Client;
  readonly #inbox = createInbox();
  readonly #flying = new Map<string, Outgoing>();
  #queue: Outgoing[] = [];
  #head = 0;
  #acknowledged: string[] = [];
  #clearing = false;

  constructor(nats: NatsConnection, subject: string, database: pg.Client) {
    this.#nats = nats;
    this.#subject = subject;
    this.#database = database;
    nats.subscribe(`${this.#inbox}.*`, {
      callback: (_error, message) => {
        // {"stream":…,"seq":…} or {"error":…}; what failed stays in flight and is sent again.
        if (message.data[2] === 0x73) this.#landed(message.subject.slice(this.#inbox.length + 1));
      },
    });
    setInterval(() => this.#sendAgain(), RETRY_AFTER_MS).unref();
  }

  publish(eventId: string, payload: string): void {
    this.#queue.push({ eventId, payload, sentAt: 0 });
    this.#pump();
  }

  #pump(): void {
    while (this.#flying.size < IN_FLIGHT) {
      const next = this.#queue[this.#head];
      if (next === undefined) break;
      this.#head += 1;
      this.#flying.set(next.eventId, next);
      this.#send(next);
    }
    if (this.#head > 4_096) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }

  #send(event: Outgoing): void {
    const messageHeaders = headers();
    messageHeaders.set('Nats-Msg-Id', event.eventId);
    event.sentAt = Date.now();
    this.#nats.publish(this.#subject, event.payload, {
      reply: `${this.#inbox}.${event.eventId}`,
      headers: messageHeaders,
    });
  }

  #sendAgain(): void {
    const before = Date.now() - RETRY_AFTER_MS;
    for (const event of this.#flying.values()) if (event.sentAt < before) this.#send(event);
  }

  #landed(eventId: string): void {
    if (!this.#flying.delete(eventId)) return;
    this.#acknowledged.push(eventId);
    if (!this.#clearing) void this.#clear();
    this.#pump();
  }

  async #clear(): Promise<void> {
    this.#clearing = true;
    while (this.#acknowledged.length > 0) {
      const batch = this.#acknowledged;
      this.#acknowledged = [];
      await this.#database.query({
        name: 'clear',
        text: 'DELETE FROM outbox WHERE event_id = ANY($1::uuid[])',
        values: [batch],
      });
    }
    this.#clearing = false;
  }
}
