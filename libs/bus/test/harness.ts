import type { EventOf } from '#contracts';
import {
  connectBus,
  ensureStreams,
  EventPublisher,
  JetStreamStrategy,
  outbound,
  type Bus,
  type ConsumerLog,
  type JetStreamContext,
  type StrategyOptions,
} from '#bus';
import { aMessageCreated, startNats, type EngineProcess } from '#testing';

export const LIMITS = { replicas: 1, maxAgeHours: 1, maxBytes: 1 << 24 };

export type Handler = (event: EventOf<'message.created'>, context: JetStreamContext) => unknown;

/** A NATS server, a connection to it, and consumers that are closed with it. */
export class BusHarness {
  readonly lines: string[] = [];
  readonly publisher: EventPublisher;
  private readonly strategies: JetStreamStrategy[] = [];
  private readonly buses: Bus[] = [];

  private constructor(
    readonly nats: EngineProcess,
    readonly bus: Bus,
  ) {
    this.publisher = new EventPublisher(bus.nats);
  }

  static async start(): Promise<BusHarness> {
    const nats = await startNats();
    const bus = await connectBus(nats.url, 'test');
    await ensureStreams(bus.jsm, LIMITS);
    return new BusHarness(nats, bus);
  }

  readonly log: ConsumerLog = {
    info: (_fields, message) => void this.lines.push(message),
    warn: (_fields, message) => void this.lines.push(message),
    error: (_fields, message) => void this.lines.push(message),
  };

  /** A connection of its own, as another process has. */
  async connect(): Promise<Bus> {
    const bus = await connectBus(this.nats.url, 'other');
    this.buses.push(bus);
    return bus;
  }

  /** Starts a consumer with handlers of events (`on`) and of requests (`answers`). */
  async consume(
    durable: string | undefined,
    {
      on = {},
      answers = {},
    }: { on?: Record<string, Handler>; answers?: Record<string, (body: never) => unknown> },
    options: Partial<StrategyOptions> = {},
  ): Promise<JetStreamStrategy> {
    const strategy = new JetStreamStrategy({
      bus: this.bus,
      service: 'test',
      durable,
      log: this.log,
      maxDeliver: 3,
      backoffMs: [20],
      ...options,
    });
    for (const [type, handler] of Object.entries(on)) strategy.addHandler(type, handler as never, true);
    for (const [method, answer] of Object.entries(answers))
      strategy.addHandler(method, answer as never, false);
    await new Promise<void>((resolve, reject) =>
      strategy.listen((error) =>
        error ? reject(new Error('it did not start', { cause: error })) : resolve(),
      ),
    );
    this.strategies.push(strategy);
    return strategy;
  }

  /** Publishes a `message.created` and resolves to it. */
  async publish(
    text = 'hello',
    traceparent: string | null = null,
    partitions = 1,
  ): Promise<EventOf<'message.created'>> {
    const event = aMessageCreated(undefined, { traceparent });
    event.data.message.text = text;
    const audience = { scope: 'channel' as const, id: event.data.message.channelId };
    await this.publisher.publish(outbound(event, audience, partitions));
    return event;
  }

  /** Events the consumer has still to settle. */
  async unsettled(durable: string): Promise<number> {
    const info = await this.bus.jsm.consumers.info('EVENTS', durable);
    return info.num_ack_pending + info.num_pending;
  }

  async closeConsumers(): Promise<void> {
    await Promise.all(this.strategies.splice(0).map((strategy) => strategy.close()));
  }

  async stop(): Promise<void> {
    await this.closeConsumers();
    this.publisher.close();
    await Promise.all([this.bus, ...this.buses].map(({ nats }) => nats.close()));
    await this.nats.stop();
  }
}
