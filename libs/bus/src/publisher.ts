import type { JetStreamClient } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import type { OutboundEvent } from './outbound.js';

const encoder = new TextEncoder();

/** The trace a payload belongs to, without parsing it: `traceparent` stands before `data` in the envelope. */
const traceHeader = (payload: string): MsgHdrs | undefined => {
  const at = payload.indexOf('"traceparent":"');
  if (at < 0 || at > 600) return undefined;
  const hdrs = headers();
  hdrs.set('traceparent', payload.slice(at + 15, payload.indexOf('"', at + 15)));
  return hdrs;
};

/** Publishes events to JetStream under their id, so that a repeated publish is stored once. */
export class EventPublisher {
  constructor(private readonly js: JetStreamClient) {}

  async publish(event: OutboundEvent): Promise<void> {
    const hdrs = traceHeader(event.payload);
    await this.js.publish(event.subject, encoder.encode(event.payload), {
      msgID: event.id,
      ...(hdrs ? { headers: hdrs } : {}),
    });
  }
}
