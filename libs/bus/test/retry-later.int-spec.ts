import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVENTS_STREAM } from '#contracts';
import {
  ANY_EVENT,
  connectBus,
  EventPublisher,
  ensureStreams,
  ExcusedDeliveries,
  JetStreamStrategy,
  outbound,
  RetryLater,
  type Bus,
} from '#bus';
import { aMessageCreated, eventually, startNats, type EngineProcess } from '#testing';
import { deadLetters, redrive } from '../src/dlq-cli.js';

const MAX_DELIVER = 2;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('RetryLater', () => {
  let nats: EngineProcess;
  let bus: Bus;
  const running: JetStreamStrategy[] = [];
  let handle: (event: { id: string }) => Promise<void>;
  let deliveries: number;

  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(() => nats.stop());
  beforeEach(async () => {
    bus = await connectBus(nats.url, 'test');
    await ensureStreams(bus.jsm, { replicas: 1, maxAgeHours: 1, maxBytes: 1 << 24 });
    deliveries = 0;
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((strategy) => strategy.close()));
    for (const { config } of await bus.jsm.streams.list().next()) await bus.jsm.streams.delete(config.name);
    await bus.nats.close();
  });

  const consume = async (): Promise<JetStreamStrategy> => {
    const strategy = new JetStreamStrategy({
      bus,
      service: 'test',
      durable: 'test',
      log: silent,
      maxDeliver: MAX_DELIVER,
      backoffMs: [10],
      // What is on its way to a consumer that closes comes again after this.
      ackWaitMs: 2000,
    });
    strategy.addHandler(
      ANY_EVENT,
      async (event: { id: string }) => {
        deliveries++;
        await handle(event);
      },
      true,
    );
    await new Promise<void>((resolve, reject) =>
      strategy.listen((error) =>
        error ? reject(new Error('it did not start', { cause: error })) : resolve(),
      ),
    );
    running.push(strategy);
    return strategy;
  };
  const publish = (): Promise<void> => {
    const event = aMessageCreated();
    return new EventPublisher(bus.nats).publish(
      outbound(event, { scope: 'channel', id: event.data.message.channelId }, 1),
    );
  };
  const pending = async () => {
    const info = await bus.jsm.consumers.info(EVENTS_STREAM, 'test');
    return info.num_ack_pending + info.num_pending;
  };
  const later = () => Promise.reject(new RetryLater('the engine is down', 10));

  it('closes also when it has only just started', async () => {
    await (await consume()).close();
  });

  it('delivers far more often than maxDeliver and buries nothing', async () => {
    handle = () => (deliveries > 5 * MAX_DELIVER ? Promise.resolve() : later());
    await consume();
    await publish();
    await eventually(async () => expect(await pending()).toBe(0));
    expect(deliveries).toBe(5 * MAX_DELIVER + 1);
    expect(await deadLetters(bus)).toEqual([]);
  });

  it('does not bury after a restart what was postponed before it', async () => {
    handle = later;
    const first = await consume();
    await publish();
    await eventually(() => expect(deliveries).toBeGreaterThan(3 * MAX_DELIVER));
    await first.close();
    handle = () => Promise.resolve();
    await consume();
    await eventually(async () => expect(await pending()).toBe(0));
    expect(await deadLetters(bus)).toEqual([]);
  });

  it('still buries an event that keeps failing by itself, and redrives it', async () => {
    handle = () => Promise.reject(new Error('cannot handle this'));
    await consume();
    await publish();
    const [letter] = await eventually(async () => {
      const letters = await deadLetters(bus);
      expect(letters).toHaveLength(1);
      return letters;
    });
    expect(deliveries).toBe(MAX_DELIVER);
    expect(letter).toMatchObject({ consumer: 'test', reason: 'cannot handle this' });

    handle = () => Promise.resolve();
    if (letter) await redrive(bus, letter);
    await eventually(() => expect(deliveries).toBe(MAX_DELIVER + 1));
    expect(await deadLetters(bus)).toEqual([]);
  });

  it('buries an event that turned bad during an outage', async () => {
    handle = () => (deliveries > 3 ? Promise.reject(new Error('bad')) : later());
    await consume();
    await publish();
    await eventually(async () => expect(await deadLetters(bus)).toHaveLength(1));
  });

  it('forgets what it excused once everything of that time is settled', async () => {
    handle = () => (deliveries > 2 ? Promise.resolve() : later());
    await consume();
    await publish();
    await eventually(async () => expect(await pending()).toBe(0));
    const other = new ExcusedDeliveries(bus, EVENTS_STREAM, 'test');
    await other.refresh();
    expect(other.of(1)).toBeGreaterThan(0);
    await other.start();
    expect(other.of(1)).toBe(0);
  });

  it('saves again what could not be noted', async () => {
    await consume();
    await bus.jsm.streams.delete('EXCUSED_DELIVERIES');
    const excused = new ExcusedDeliveries(bus, EVENTS_STREAM, 'test');
    await expect(excused.excuse(7, 1)).rejects.toThrow();
    await ensureStreams(bus.jsm, { replicas: 1, maxAgeHours: 1, maxBytes: 1 << 24 });
    await excused.excuse(7, 1);
    const other = new ExcusedDeliveries(bus, EVENTS_STREAM, 'test');
    await other.refresh();
    expect(other.of(7)).toBeGreaterThan(1);
    expect(other.of(8)).toBe(0);
  });
});
