import { Duplex } from 'node:stream';
import type { Shared } from '../outlet.js';
import type { FarEnd } from './far-end.js';
import { FarStream } from './far-stream.js';

/**
 * The socket of a client that is connected to the other end of a link, for as long as its request is being
 * answered: the HTTP server is given this one, so that a request through a link goes the way of any other.
 */
export class FarSocket extends Duplex {
  private reply: Buffer[] = [];
  private answered = false;

  constructor(
    private readonly link: FarEnd,
    readonly id: number,
    head: Buffer,
  ) {
    super({ emitClose: true });
    this.push(head);
  }

  /** Of the process at the other end: whether it may speak for clients is judged by that. */
  get remoteAddress(): string | undefined {
    return this.link.remoteAddress;
  }

  /** The request was accepted: from here on there is only a stream. */
  stream<Key>(key: Key, shared: Shared<Key>): FarStream<Key> {
    this.answered = true;
    const stream = new FarStream(this.link, this.id, key, shared);
    this.link.opened(this.id, stream);
    return stream;
  }

  // Called by node's HTTP server on any socket.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }

  override _read(): void {
    // The head was all there is.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.reply.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    done();
    this.answer();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.answer();
    done(error);
  }

  private answer(): void {
    if (this.answered) return;
    this.answered = true;
    this.link.refused(this.id, Buffer.concat(this.reply));
  }
}
