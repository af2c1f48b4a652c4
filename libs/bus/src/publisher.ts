import { createInbox, headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import type { OutboundEvent } from './outbound.js';

type Waiting = { resolve: () => void; reject: (error: Error) => void; deadline: number };
type PublishAck = { stream?: string; error?: { description?: string } };

const ACK_TIMEOUT_MS = 5000;
const encoder = new TextEncoder();

/** The trace a payload belongs to, without parsing it: `traceparent` stands before `data` in the envelope. */
const traceOf = (payload: string): string | undefined => {
  const at = payload.indexOf('"traceparent":"');
  return at < 0 || at > 600 ? undefined : payload.slice(at + 15, payload.indexOf('"', at + 15));
};

/**
 * Publishes events to JetStream under their id, so that a repeated publish is stored once. All acks come to
 * one inbox (a JetStream publish is a request whose reply is the ack, NATS ADR-37): the client's own
 * `publish` prepares two stack traces for each message, a sixth of a busy process.
 */
export class EventPublisher {
  private readonly inbox = createInbox();
  private readonly waiting = new Map<string, Waiting>();
  private readonly subscription: Subscription;
  private last = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly nats: NatsConnection) {
    this.subscription = nats.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => this.settle(error, message),
    });
  }

  /** Resolves when JetStream has stored the event; rejects when it refuses or stays silent for 5 s. */
  publish(event: OutboundEvent): Promise<void> {
    const token = (++this.last).toString(36);
    const hdrs = headers();
    hdrs.set('Nats-Msg-Id', event.id);
    const trace = traceOf(event.payload);
    if (trace) hdrs.set('traceparent', trace);
    return new Promise((resolve, reject) => {
      this.nats.publish(event.subject, encoder.encode(event.payload), {
        reply: `${this.inbox}.${token}`,
        headers: hdrs,
      });
      this.waiting.set(token, { resolve, reject, deadline: Date.now() + ACK_TIMEOUT_MS });
      this.timer ??= setTimeout(() => this.expire(), 250);
    });
  }

  close(): void {
    clearTimeout(this.timer);
    this.subscription.unsubscribe();
  }

  private settle(error: Error | null, message: Msg): void {
    const token = message.subject.slice(this.inbox.length + 1);
    const waiting = this.waiting.get(token);
    if (!waiting) return;
    this.waiting.delete(token);
    const problem = error?.message ?? refusalOf(message);
    if (problem === null) waiting.resolve();
    else waiting.reject(new Error(`the event was not stored: ${problem}`));
  }

  /** Acks come in order, so the oldest wait stands first. */
  private expire(): void {
    this.timer = undefined;
    const now = Date.now();
    for (const [token, { reject, deadline }] of this.waiting) {
      if (deadline > now) break;
      this.waiting.delete(token);
      reject(new Error('the event was not acknowledged in time'));
    }
    if (this.waiting.size > 0) this.timer = setTimeout(() => this.expire(), 250);
  }
}

const refusalOf = (message: Msg): string | null => {
  if (message.data.length === 0) return message.headers?.description || 'no stream takes this subject';
  const ack = message.json<PublishAck>();
  if (ack.error) return ack.error.description ?? 'refused';
  return ack.stream ? null : 'the ack names no stream';
};
