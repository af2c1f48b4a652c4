import { AckPolicy, DeliverPolicy, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import { nanos, type Msg, type Subscription } from '@nats-io/nats-core';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { EVENTS_STREAM, EVENTS_SUBJECTS } from '#contracts';
import type { Bus } from './connection.js';
import { bury } from './dead-letters.js';
import { ExcusedDeliveries } from './excused-deliveries.js';
import { JetStreamContext } from './jetstream-context.js';
import { retryDelay, RetryLater } from './retry-later.js';

export type ConsumerLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type StrategyOptions = {
  bus: Bus;
  /** Durable consumer, shared by all replicas of the service. Absent: this process consumes no events. */
  durable?: string | undefined;
  /** Service name in `rpc.v1.<service>.<pattern>` for `@MessagePattern` handlers. */
  service: string;
  log: ConsumerLog;
  /** Messages handled at once over all replicas. */
  maxInFlight?: number;
  /** Deliveries before a message is buried; those that ended in `RetryLater` don't count. */
  maxDeliver?: number;
  /** Waits between deliveries, ms; the last one repeats. */
  backoffMs?: readonly number[];
  /** A delivery whose answer was lost comes again after this; a handler must be faster, unless `prolong`. */
  ackWaitMs?: number;
  /** Handlers may take longer: what is being handled is told to be, for as long as this process lives. */
  prolong?: boolean;
  /** Wraps each handling, e.g. in a trace span. */
  around?: (name: string, traceparent: string | null, handle: () => Promise<void>) => Promise<void>;
};

/** Handles events of any type that has no handler of its own. */
export const ANY_EVENT = '*';
const HEARTBEAT_MS = 3000;
/** An outage is told this often, not once per event. */
const POSTPONED_LOG_MS = 5000;
const decoder = new TextDecoder();

/**
 * Nest transport on JetStream: `@EventPattern('<event type>')` handlers consume durably with explicit
 * ack, backoff and a dead-letter stream; `@MessagePattern('<method>')` handlers answer core NATS
 * requests. Handlers must be idempotent by event id: delivery is at least once. A handler that throws
 * `RetryLater` gets the event again for as long as it takes.
 */
export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  private messages: ConsumerMessages | undefined;
  private subscriptions: Subscription[] = [];
  private inFlight = new Set<Promise<void>>();
  private closed = false;
  private excused: ExcusedDeliveries | undefined;
  private postponed = 0;
  private postponedLoggedAt = 0;
  private loop: Promise<void> | undefined;
  private readonly handling = new Set<JsMsg>();
  private prolonging: NodeJS.Timeout | undefined;

  constructor(private readonly options: StrategyOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  on(): never {
    throw new Error('not supported');
  }

  unwrap<T>(): T {
    return this.options.bus as T;
  }

  /** Takes nothing new, then waits for what is being handled. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.subscriptions.map((subscription) => subscription.drain().catch(() => undefined)));
    await this.messages?.close().catch(() => undefined);
    await this.loop;
    await Promise.allSettled(this.inFlight);
    clearInterval(this.prolonging);
  }

  private async start(): Promise<void> {
    const { bus, service, durable } = this.options;
    for (const [pattern, handler] of this.messageHandlers) {
      if (handler.isEventHandler) continue;
      const subject = `rpc.v1.${service}.${pattern}`;
      this.subscriptions.push(
        bus.nats.subscribe(subject, {
          queue: service,
          callback: (error, message) => this.track(this.answer(pattern, error, message)),
        }),
      );
    }
    // Started is who can be reached, not who will be.
    await bus.nats.flush();
    if (!durable) return;
    await this.ensureConsumer(durable);
    this.excused = new ExcusedDeliveries(bus, EVENTS_STREAM, durable);
    await this.excused.start();
    this.loop = this.consumeForEver(durable);
    if (this.options.prolong)
      this.prolonging = setInterval(() => {
        for (const message of this.handling) message.working();
      }, this.ackWaitMs / 3);
  }

  private async ensureConsumer(durable: string): Promise<void> {
    const types = [...this.messageHandlers]
      .filter(([, handler]) => handler.isEventHandler)
      .map(([pattern]) => pattern);
    const [only] = types;
    // A consumer has one filter subject (NATS 2.9): narrow for one type, everything for several.
    const filter_subject =
      types.length === 1 && only !== ANY_EVENT ? `evt.v1.*.*.*.*.${only}` : EVENTS_SUBJECTS;
    await this.options.bus.jsm.consumers.add(EVENTS_STREAM, {
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(this.ackWaitMs),
      max_ack_pending: this.options.maxInFlight ?? 256,
      // Counted here, so that a message is buried and not forgotten.
      max_deliver: -1,
      filter_subject,
    });
  }

  /** Consumes until closed; a consumer or stream that vanished is made again. */
  private async consumeForEver(durable: string): Promise<void> {
    while (!this.closed) {
      try {
        const consumer = await this.options.bus.js.consumers.get(EVENTS_STREAM, durable);
        this.messages = await consumer.consume({
          max_messages: this.options.maxInFlight ?? 256,
          abort_on_missing_resource: true,
          // A consumer that is gone without a word is missed after two of these.
          idle_heartbeat: HEARTBEAT_MS,
        });
        // Not awaited: closing is done by the iteration below, which then ends at once.
        if (this.closed) void this.messages.close();
        for await (const message of this.messages) this.take(durable, message);
      } catch (error) {
        if (this.closed) return;
        this.options.log.warn({ err: (error as Error).message, durable }, 'consuming was interrupted');
        await new Promise((resolve) => setTimeout(resolve, 500));
        await this.ensureConsumer(durable).catch(() => undefined);
      }
    }
  }

  private get ackWaitMs(): number {
    return this.options.ackWaitMs ?? 30_000;
  }

  private take(durable: string, message: JsMsg): void {
    this.handling.add(message);
    const handling = this.handleDelivery(durable, message)
      // Not acknowledged: JetStream delivers it again after the ack wait.
      .catch((err: unknown) =>
        this.options.log.error(
          { err, subject: message.subject, seq: message.seq },
          'a delivery could not be settled',
        ),
      )
      .finally(() => this.handling.delete(message));
    this.track(handling);
  }

  private track(handling: Promise<void>): void {
    this.inFlight.add(handling);
    void handling.finally(() => this.inFlight.delete(handling));
  }

  private async handleDelivery(durable: string, message: JsMsg): Promise<void> {
    const { log, around } = this.options;
    const { deliveryCount } = message.info;
    // A message that kills the process never reports a failure: its deliveries are counted all the same.
    if (deliveryCount > this.limitOf(message)) await this.excused?.refresh();
    if (deliveryCount > this.limitOf(message))
      return this.giveUp(durable, message, 'delivered too often without an answer');
    try {
      const handle = () => this.dispatch(message);
      const traceparent = message.headers?.get('traceparent') || null;
      await (around
        ? around(`${durable} ${message.subject.split('.').slice(6).join('.')}`, traceparent, handle)
        : handle());
      message.ack();
    } catch (error) {
      if (error instanceof RetryLater) return this.postpone(message, error);
      const reason = (error as Error)?.message ?? String(error);
      if (deliveryCount >= this.limitOf(message) || error instanceof UnreadableEvent)
        return this.giveUp(durable, message, reason);
      const backoff = this.options.backoffMs ?? [100, 500, 2000, 10_000, 30_000];
      const wait = backoff[Math.min(deliveryCount, backoff.length) - 1] ?? 1000;
      log.warn(
        { err: reason, subject: message.subject, seq: message.seq, deliveryCount, retryInMs: wait },
        'an event could not be handled',
      );
      message.nak(wait);
    }
  }

  private limitOf(message: JsMsg): number {
    return (this.options.maxDeliver ?? 8) + (this.excused?.of(message.seq) ?? 0);
  }

  private async postpone(message: JsMsg, error: RetryLater): Promise<void> {
    const { log } = this.options;
    this.postponed++;
    if (Date.now() - this.postponedLoggedAt >= POSTPONED_LOG_MS) {
      log.warn({ err: error.message, deliveries: this.postponed }, 'events wait to be delivered again');
      this.postponed = 0;
      this.postponedLoggedAt = Date.now();
    }
    const { deliveryCount } = message.info;
    await this.excused
      ?.excuse(message.seq, deliveryCount)
      .catch((err: Error) => log.warn({ err: err.message }, 'a postponed delivery could not be excused'));
    message.nak(retryDelay(error, deliveryCount));
  }

  private async giveUp(durable: string, message: JsMsg, reason: string): Promise<void> {
    await bury(this.options.bus.js, message, durable, reason);
    this.options.log.error(
      { subject: message.subject, seq: message.seq, reason },
      'an event was moved to the dead letters',
    );
    message.term();
  }

  private async dispatch(message: JsMsg): Promise<void> {
    const event = readEvent(message.data);
    const handler = this.messageHandlers.get(event.type) ?? this.messageHandlers.get(ANY_EVENT);
    if (!handler?.isEventHandler) return;
    const result: unknown = await handler(
      event,
      new JetStreamContext(message.subject, message.seq, message.info.deliveryCount),
    );
    await lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
  }

  private async answer(pattern: string, error: Error | null, message: Msg): Promise<void> {
    if (error) return;
    try {
      const handler = this.messageHandlers.get(pattern);
      const result: unknown = await handler?.(message.json(), new JetStreamContext(message.subject, 0, 1));
      message.respond(JSON.stringify({ data: await lastValueFrom(this.transformToObservable(result)) }));
    } catch (err) {
      this.options.log.error({ err, subject: message.subject }, 'an RPC failed');
      message.respond(JSON.stringify({ error: 'internal' }));
    }
  }
}

class UnreadableEvent extends Error {}

const readEvent = (data: Uint8Array): { type: string } => {
  try {
    const event = JSON.parse(decoder.decode(data)) as { type?: unknown } | null;
    if (typeof event?.type === 'string') return event as { type: string };
  } catch {
    // told below
  }
  throw new UnreadableEvent('the payload is not an event');
};
