import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aMessageCreated, eventually, type EngineProcess } from '#testing';
import { outbound } from '#bus';
import { BusHarness } from './harness.js';

describe('while NATS restarts', () => {
  let harness: BusHarness;
  let nats: EngineProcess;
  const handled = new Map<string, number>();
  const waiting: (() => void)[] = [];
  beforeAll(async () => {
    harness = await BusHarness.start();
    nats = harness.nats;
    await harness.consume(
      'outage',
      {
        on: {
          'message.created': async (event) => {
            if (event.data.message.text === 'slow')
              await new Promise<void>((resolve) => waiting.push(resolve));
            handled.set(event.id, (handled.get(event.id) ?? 0) + 1);
          },
        },
        answers: { ping: () => 'pong' },
      },
      { backoffMs: [20], ackWaitMs: 3000 },
    );
  });
  afterAll(() => harness.stop());

  const publishUntilStored = async () => {
    const event = aMessageCreated();
    const out = outbound(event, { scope: 'channel', id: event.data.message.channelId }, 1);
    // What the relay does: again, under the same id, until the server has it.
    await eventually(() => harness.publisher.publish(out), { timeoutMs: 20_000 });
    return event.id;
  };

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    '(%s) no stored event is lost and consumers go on',
    async (signal) => {
      handled.clear();
      const ids: string[] = [];
      let stop = false;
      const publishing = Promise.all(
        Array.from({ length: 4 }, async () => {
          while (!stop) ids.push(await publishUntilStored());
        }),
      );
      await eventually(() => expect(handled.size).toBeGreaterThan(50));
      await nats.kill(signal);
      await nats.restart();
      const before = handled.size;
      await eventually(() => expect(handled.size).toBeGreaterThan(before + 50), { timeoutMs: 15_000 });
      stop = true;
      await publishing;
      // An event that was being acknowledged comes again after the ack wait at the latest.
      await eventually(() => expect(ids.filter((id) => !handled.has(id))).toEqual([]), { timeoutMs: 10_000 });
    },
  );

  it('a handling that outlives the outage is not repeated without need', async () => {
    handled.clear();
    const event = await harness.publish('slow');
    await eventually(() => expect(waiting).toHaveLength(1));
    await nats.restart();
    await eventually(() => harness.bus.nats.flush());
    waiting.splice(0).forEach((resolve) => resolve());
    await eventually(() => expect(handled.get(event.id)).toBe(1));
    await eventually(async () => expect(await harness.unsettled('outage')).toBe(0));
    expect(handled.get(event.id)).toBe(1);
  });

  it('requests are answered again afterwards', async () => {
    await nats.restart();
    await eventually(async () => {
      const reply = await harness.bus.nats.request('rpc.v1.test.ping', '{}', { timeout: 500 });
      expect(reply.json()).toEqual({ data: 'pong' });
    });
  });
});
