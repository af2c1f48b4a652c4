import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { BusHarness } from './harness.js';

describe('a handler that is slower than the ack wait', () => {
  let harness: BusHarness;
  beforeAll(async () => {
    harness = await BusHarness.start();
  });
  afterAll(() => harness.stop());

  it.each([
    ['gets the event once when its deliveries are prolonged', true, [1]],
    ['gets it again while it is still at it when they are not', false, [1, 2]],
  ])('%s', async (_, prolong, deliveries) => {
    const durable = `test-${prolong}`;
    const seen: number[] = [];
    const release = Promise.withResolvers<void>();
    await harness.consume(
      durable,
      {
        on: {
          'message.created': async (_event, { deliveryCount }) => {
            seen.push(deliveryCount);
            await (prolong ? delay(2500) : release.promise);
          },
        },
      },
      { prolong, ackWaitMs: 1000 },
    );
    await harness.publish();
    if (!prolong) {
      await eventually(() => expect(seen.slice(0, 2)).toEqual(deliveries));
      release.resolve();
    }
    await eventually(async () => expect(await harness.unsettled(durable)).toBe(0));
    if (prolong) expect(seen).toEqual(deliveries);
    await harness.closeConsumers();
    await harness.bus.jsm.streams.purge('EVENTS');
  });
});
