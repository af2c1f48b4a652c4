import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVENTS_STREAM } from '#contracts';
import { EventPublisher, outbound, type OutboundEvent } from '#bus';
import { aMessageCreated } from '#testing';
import { BusHarness } from './harness.js';

describe('EventPublisher', () => {
  let harness: BusHarness;
  let publisher: EventPublisher;
  beforeAll(async () => {
    harness = await BusHarness.start();
    publisher = new EventPublisher(harness.bus.nats);
  });
  afterAll(async () => {
    publisher.close();
    await harness.stop();
  });
  const out = (traceparent: string | null = null): OutboundEvent => {
    const event = aMessageCreated(undefined, { traceparent });
    return outbound(event, { scope: 'channel', id: event.data.message.channelId }, 1);
  };
  const last = async () => {
    const { state } = await harness.bus.jsm.streams.info(EVENTS_STREAM);
    return harness.bus.jsm.streams.getMessage(EVENTS_STREAM, { seq: state.last_seq });
  };

  it('resolves when the event is stored, as it is, with its trace', async () => {
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const event = out(trace);
    await publisher.publish(event);
    const stored = await last();
    expect(stored?.subject).toBe(event.subject);
    expect(new TextDecoder().decode(stored?.data)).toBe(event.payload);
    expect(stored?.header.get('traceparent')).toBe(trace);
  });

  it('stores an event once however often it is published', async () => {
    const event = out();
    await Promise.all([publisher.publish(event), publisher.publish(event)]);
    await publisher.publish(event);
    expect(await last()).toMatchObject({ subject: event.subject });
    const { state } = await harness.bus.jsm.streams.info(EVENTS_STREAM, {
      subjects_filter: event.subject,
    });
    expect(state.subjects?.[event.subject]).toBe(1);
  });

  it('keeps the order of many in flight', async () => {
    const before = (await harness.bus.jsm.streams.info(EVENTS_STREAM)).state.last_seq;
    const events = Array.from({ length: 100 }, () => out());
    await Promise.all(events.map((event) => publisher.publish(event)));
    const first = await harness.bus.jsm.streams.getMessage(EVENTS_STREAM, { seq: before + 1 });
    expect(first?.subject).toBe(events[0]?.subject);
    expect((await last())?.subject).toBe(events.at(-1)?.subject);
  });

  it('rejects what no stream takes', async () => {
    await expect(publisher.publish({ ...out(), subject: 'nobody.cares' })).rejects.toThrow('not stored');
  });

  it('rejects what the stream refuses', async () => {
    await harness.bus.jsm.streams.update(EVENTS_STREAM, { max_msg_size: 100 });
    await expect(publisher.publish(out())).rejects.toThrow('not stored');
    await harness.bus.jsm.streams.update(EVENTS_STREAM, { max_msg_size: -1 });
    await publisher.publish(out());
  });

  it('rejects when the server stays silent, and stores it when it wakes', async () => {
    await harness.nats.kill('SIGSTOP');
    const event = out();
    await expect(publisher.publish(event)).rejects.toThrow('not acknowledged in time');
    await harness.nats.kill('SIGCONT');
    await publisher.publish(event);
    const { state } = await harness.bus.jsm.streams.info(EVENTS_STREAM, {
      subjects_filter: event.subject,
    });
    expect(state.subjects?.[event.subject]).toBe(1);
  });

  it('rejects on a closed connection', async () => {
    const bus = await harness.connect();
    const closed = new EventPublisher(bus.nats);
    await bus.nats.close();
    await expect(closed.publish(out())).rejects.toThrow();
  });
});
