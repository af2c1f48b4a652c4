import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVENTS_STREAM } from '#contracts';
import { connectBus, DEAD_LETTERS_STREAM, ensureStreams, epochOf, EXCUSED_STREAM, type Bus } from '#bus';
import { startNats, type EngineProcess } from '#testing';
import { LIMITS } from './harness.js';

describe('ensureStreams', () => {
  let nats: EngineProcess;
  const buses: Bus[] = [];
  beforeAll(async () => {
    nats = await startNats();
    for (let i = 0; i < 5; i++) buses.push(await connectBus(nats.url, `service-${i}`));
  });
  afterAll(async () => {
    await Promise.all(buses.map((bus) => bus.nats.close()));
    await nats.stop();
  });
  const [EVENTS, LETTERS] = [EVENTS_STREAM, DEAD_LETTERS_STREAM];
  const info = (stream: string) => (buses[0] as Bus).jsm.streams.info(stream);

  it('makes them once when all services start together', async () => {
    await Promise.all(buses.map((bus) => ensureStreams(bus.jsm, LIMITS)));
    const names = await (buses[0] as Bus).jsm.streams.names().next();
    expect(names.sort()).toEqual([LETTERS, EVENTS, EXCUSED_STREAM].sort());
  });

  it('keeps events in files within the limits given, and letters a month', async () => {
    const { config } = await info(EVENTS);
    expect(config).toMatchObject({
      subjects: ['evt.v1.>'],
      storage: 'file',
      retention: 'limits',
      max_age: 3_600_000_000_000,
      max_bytes: LIMITS.maxBytes,
      duplicate_window: 600_000_000_000,
    });
    expect((await info(LETTERS)).config.max_age).toBe(30 * 24 * 3_600_000_000_000);
  });

  it('changes nothing when run again, and the limits when they were changed', async () => {
    const before = await info(EVENTS);
    await (buses[0] as Bus).js.publish('evt.v1.0.w.channel.c.message.created', '{}');
    await Promise.all(
      buses.map((bus) => ensureStreams(bus.jsm, { ...LIMITS, maxAgeHours: 2, maxBytes: 1 << 25 })),
    );
    const after = await info(EVENTS);
    expect(after.config).toMatchObject({ max_age: 7_200_000_000_000, max_bytes: 1 << 25 });
    expect(after.state.messages).toBe(before.state.messages + 1);
    expect(epochOf(after)).toBe(epochOf(before));
  });

  it('gives another life of the stream another epoch', async () => {
    const before = await info(EVENTS);
    await (buses[0] as Bus).jsm.streams.delete(EVENTS);
    await ensureStreams((buses[0] as Bus).jsm, LIMITS);
    const after = epochOf(await info(EVENTS));
    expect(after).not.toBe(epochOf(before));
    expect(after).toMatch(/^[0-9a-z]{1,16}$/);
  });

  it('fails when there is no JetStream to ask', async () => {
    const bus = await connectBus(nats.url, 'closing');
    await bus.nats.close();
    await expect(ensureStreams(bus.jsm, LIMITS)).rejects.toThrow();
  });
});
