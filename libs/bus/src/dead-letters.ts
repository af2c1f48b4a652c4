import type { JetStreamClient, JsMsg } from '@nats-io/jetstream';
import { headers } from '@nats-io/nats-core';
import { deadLetterSubject } from './streams.js';

/** Headers of a dead letter: where it came from and why it died. */
export const DEAD_SUBJECT = 'Parley-Subject';
export const DEAD_CONSUMER = 'Parley-Consumer';
export const DEAD_SEQ = 'Parley-Stream-Seq';
export const DEAD_REASON = 'Parley-Reason';

/** Keeps a message that a consumer gave up on. The id makes a repeated burial one letter. */
export const bury = async (
  js: JetStreamClient,
  message: JsMsg,
  consumer: string,
  reason: string,
): Promise<void> => {
  const hdrs = headers();
  hdrs.set(DEAD_SUBJECT, message.subject);
  hdrs.set(DEAD_CONSUMER, consumer);
  hdrs.set(DEAD_SEQ, String(message.seq));
  hdrs.set(DEAD_REASON, reason.replaceAll(/[\r\n]+/g, ' ').slice(0, 500));
  const traceparent = message.headers?.get('traceparent');
  if (traceparent) hdrs.set('traceparent', traceparent);
  await js.publish(deadLetterSubject(consumer), message.data, {
    headers: hdrs,
    msgID: `${consumer}:${message.seq}`,
  });
};
