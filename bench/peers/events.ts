import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

/** Follows a stream from now on with an ordered consumer. */
export async function followStream(
  natsUrl: string,
  stream: string,
  take: (seq: number, payload: Uint8Array) => void,
): Promise<void> {
  const nats = await connect({ servers: natsUrl });
  const consumer = await jetstream(nats).consumers.get(stream, { deliver_policy: 'new' });
  await consumer.consume({ max_messages: 2_000, callback: (message) => take(message.seq, message.data) });
}

const BEFORE_DATA = Buffer.from('\nevent: message.created\ndata: ');
const END = Buffer.from('\n\n');

/** The event is serialised once; every stream writes these same bytes. */
export function frame(seq: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`id: b-${seq}`), BEFORE_DATA, payload, END]);
}
