/**
 * What a link carries. Each message: `u32 length · u8 kind · varint subject · varint other · payload`.
 * The order of messages is the order of what happened; nothing is answered out of it.
 */
export const Kind = {
  /** Either way, so that silence means that the other side hangs. */
  ping: 0,
  // Towards notify. The subject is always a stream.
  /** A request for a stream, as the client made it; `payload` is its HTTP head. */
  open: 1,
  /** The client left; `payload` says why. */
  close: 2,
  /** The answer to `sync`: the client has taken what came before it. */
  synced: 3,
  // Towards the gateway.
  /** The stream begins. */
  opened: 10,
  /** It does not; `payload` is the whole HTTP reply. */
  refused: 11,
  /** Bytes for one stream, paced with `sync`. `other` is the number of frames. */
  write: 12,
  /** Bytes for one stream that can't wait for a slow client. `other` is the number of frames. */
  send: 13,
  sync: 14,
  /** From here on the stream `other` hears the audience `subject`. */
  enter: 15,
  leave: 16,
  /** A frame for everyone in the audience `subject`. */
  event: 17,
  /** Nothing more comes for the stream; `payload` has its last words. `other` is 1 when it needs none. */
  end: 18,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export interface MessageSink {
  /** `payload` shares memory with what was read. */
  message(kind: number, subject: number, other: number, payload: Buffer): void;
}

/** The other side broke the protocol. */
export class BadMessage extends Error {}

const LENGTH_BYTES = 4;
const MAX_LENGTH = 64 * 1024 * 1024;
const MAX_HEAD = LENGTH_BYTES + 1 + 2 * 8;
const EMPTY = Buffer.alloc(0);
const head = Buffer.allocUnsafe(MAX_HEAD);

const putVarint = (value: number, at: number): number => {
  let left = value;
  let to = at;
  while (left > 127) {
    head[to++] = (left % 128) | 128;
    left = Math.floor(left / 128);
  }
  head[to++] = left;
  return to;
};

/** Ids are whole numbers up to 2^53 - 1. */
export const encode = (kind: number, subject: number, other: number, payload: Buffer = EMPTY): Buffer => {
  head[LENGTH_BYTES] = kind;
  const size = putVarint(other, putVarint(subject, LENGTH_BYTES + 1));
  const message = Buffer.allocUnsafe(size + payload.length);
  head.writeUInt32LE(message.length - LENGTH_BYTES, 0);
  head.copy(message, 0, 0, size);
  payload.copy(message, size);
  return message;
};

/** Cuts what arrives into messages, however it is chunked. Throws `BadMessage` on what can't be one. */
export class MessageReader {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private needed = LENGTH_BYTES;
  private at = 0;

  feed(chunk: Buffer, sink: MessageSink): void {
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    if (this.heldBytes < this.needed) return;
    const bytes = this.held.length === 1 ? chunk : Buffer.concat(this.held, this.heldBytes);
    let from = 0;
    this.needed = LENGTH_BYTES;
    while (bytes.length - from >= LENGTH_BYTES) {
      const length = bytes.readUInt32LE(from);
      if (length < 3 || length > MAX_LENGTH) throw new BadMessage(`a message of ${length} bytes`);
      const end = from + LENGTH_BYTES + length;
      if (end > bytes.length) {
        this.needed = LENGTH_BYTES + length;
        break;
      }
      this.at = from + LENGTH_BYTES + 1;
      const subject = this.varint(bytes, end);
      const other = this.varint(bytes, end);
      sink.message(bytes[from + LENGTH_BYTES] as number, subject, other, bytes.subarray(this.at, end));
      from = end;
    }
    this.heldBytes = bytes.length - from;
    this.held = this.heldBytes === 0 ? [] : [bytes.subarray(from)];
  }

  private varint(bytes: Buffer, end: number): number {
    let value = 0;
    for (let scale = 1; this.at < end && scale <= 2 ** 49; scale *= 128) {
      const byte = bytes[this.at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new BadMessage('an id without end');
  }
}
