import { connect, type LookupFunction, type Socket } from 'node:net';
import { ReplyParser, type ReplySink } from '../proxy/reply-parser.js';
import type { Address } from './address.js';

/** One exchange on a connection: its reply, or why there is none. */
export type ExchangeSink = ReplySink & {
  /** The connection broke. `replied` tells whether any byte of a reply had arrived. */
  broke(error: Error, replied: boolean): void;
  /** The upstream takes more of the request body again. */
  drained(): void;
};

/** Who owns connections: told about each turn of their lives. */
export type ConnectionOwner = {
  opened(connection: UpstreamConnection): void;
  idle(connection: UpstreamConnection): void;
  /** `connectError` when it never opened. */
  closed(connection: UpstreamConnection, connectError: Error | undefined): void;
};

/** One buffer serves all reads of the process: what outlives a read callback is copied by the sink. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);
const DEFAULT_KEEP_ALIVE_MS = 4000;

/** A keep-alive connection to an upstream, carrying one exchange at a time. */
export class UpstreamConnection {
  private readonly socket: Socket;
  private readonly parser = new ReplyParser();
  private sink: ExchangeSink | null = null;
  private requestSent = false;
  private error: Error | undefined;
  isOpen = false;
  private wasOpen = false;
  /** Exchanges finished on it. */
  served = 0;
  /** When the running exchange fails for lack of progress; 0 without one. */
  deadline = 0;
  /** The upstream may close an idle connection from here on, so it is not used any more. */
  staleAt = 0;

  constructor(
    address: Address,
    private readonly owner: ConnectionOwner,
    private readonly timing: { now: () => number; connectMs: number; progressMs: number },
    lookup: LookupFunction,
  ) {
    this.socket = connect({
      host: address.host,
      port: address.port,
      noDelay: true,
      keepAlive: true,
      lookup,
      autoSelectFamily: false,
      onread: { buffer: readBuffer, callback: (length, bytes) => this.received(bytes as Buffer, length) },
    });
    const connectTimer = setTimeout(() => this.destroy(new Error('connect timed out')), timing.connectMs);
    this.socket.once('connect', () => {
      clearTimeout(connectTimer);
      this.isOpen = true;
      this.wasOpen = true;
      this.owner.opened(this);
    });
    this.socket.on('drain', () => this.sink?.drained());
    this.socket.on('end', () => this.ended());
    this.socket.on('error', (error) => (this.error ??= error));
    this.socket.on('close', () => {
      clearTimeout(connectTimer);
      const error = this.error ?? new Error('connection closed');
      const neverOpened = !this.wasOpen;
      this.isOpen = false;
      this.fail(error);
      this.owner.closed(this, neverOpened ? error : undefined);
    });
  }

  get usable(): boolean {
    return this.isOpen && this.socket.writable && (this.staleAt === 0 || this.timing.now() < this.staleAt);
  }

  begin(method: string, sink: ExchangeSink): void {
    this.sink = sink;
    this.requestSent = false;
    this.parser.expect(method);
    this.deadline = this.timing.now() + this.timing.progressMs;
  }

  /** Head and, when it is small and whole, body as one string: one write, one system call. */
  writeText(text: string): boolean {
    return this.socket.write(text, 'latin1');
  }

  write(bytes: Buffer): boolean {
    this.deadline = this.timing.now() + this.timing.progressMs;
    return this.socket.write(bytes);
  }

  /** The request is complete; the connection can be reused once the reply is, too. */
  endRequest(lastBytes?: string): void {
    if (lastBytes !== undefined) this.socket.write(lastBytes, 'latin1');
    this.requestSent = true;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.deadline = this.timing.now() + this.timing.progressMs;
    this.socket.resume();
  }

  destroy(error?: Error): void {
    if (error) this.error ??= error;
    this.socket.destroy();
  }

  private received(bytes: Buffer, length: number): boolean {
    const { sink } = this;
    if (!sink) {
      // Nobody asked: whatever this is, it must not become the next exchange's reply.
      this.destroy(new Error('unsolicited bytes'));
      return true;
    }
    this.deadline = this.timing.now() + this.timing.progressMs;
    try {
      if (this.parser.feed(bytes, length, sink)) this.completed();
    } catch (error) {
      this.destroy(error as Error);
      this.fail(error as Error);
    }
    return true;
  }

  private ended(): void {
    if (this.sink && this.parser.close(this.sink)) this.completed();
  }

  private completed(): void {
    this.sink = null;
    this.deadline = 0;
    this.served += 1;
    // The last bytes may have come although the reader was full: an idle connection must be read, too.
    this.socket.resume();
    if (!this.parser.keepAlive || !this.requestSent || !this.socket.writable) {
      this.destroy();
      return;
    }
    const seconds = this.parser.keepAliveSeconds;
    // One second before the upstream's own timeout, so that a request never meets a closing connection.
    const idleMs = seconds === undefined ? DEFAULT_KEEP_ALIVE_MS : Math.max(0, (seconds - 1) * 1000);
    this.staleAt = this.timing.now() + idleMs;
    this.owner.idle(this);
  }

  private fail(error: Error): void {
    const { sink } = this;
    this.sink = null;
    this.deadline = 0;
    sink?.broke(error, this.parser.started);
  }
}
