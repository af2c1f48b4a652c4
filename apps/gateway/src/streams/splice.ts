import { connect, type Socket } from 'node:net';
import type { Upstream } from '../upstreams/upstream.js';

/** What is needed until the upstream answers, and must not outlive that moment. */
export type SpliceOwner<Opening> = {
  /** First bytes came; returns the client's socket, which is the splice's from now on. */
  answered(splice: Splice<Opening>, opening: Opening, status: number): Socket;
  /** The upstream ended before it said anything. */
  refused(splice: Splice<Opening>, opening: Opening, error: NodeJS.ErrnoException): void;
  stalled(splice: Splice<Opening>): void;
  flowing(splice: Splice<Opening>): void;
  closed(splice: Splice<Opening>): void;
};

/** Above this much unsent the upstream is not read any more, so that a replay waits for its client. */
const PAUSE_BYTES = 256 * 1024;
/** No client gets more of our memory than this. */
const DROP_BYTES = 1024 * 1024;
const HEAD_TIMEOUT_MS = 30_000;

/** One buffer serves the reads of all streams; a read is copied when it is written on. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Bytes from an upstream's socket to a client's, unparsed. All that exists per open stream. */
export class Splice<Opening> {
  private readonly upstream: Socket;
  private client: Socket | null = null;
  private timer: NodeJS.Timeout | undefined;
  private error: Error | undefined;
  /** It was closed because its client reads too slowly. */
  dropped = false;

  constructor(
    readonly target: Upstream,
    /** Of the request. Closures below must not capture it: they live as long as the stream. */
    private head: string,
    private opening: Opening | null,
    private readonly owner: SpliceOwner<Opening>,
  ) {
    const { host, port } = target.address;
    const callback = (length: number) => this.received(length);
    this.upstream = connect({
      host,
      port,
      noDelay: true,
      lookup: target.lookup,
      autoSelectFamily: false,
      onread: { buffer: readBuffer, callback },
    });
    this.failAfter(target.connectMs, 'connect timed out');
    this.upstream.once('connect', () => this.connected());
    this.upstream.on('error', (error) => (this.error = error));
    this.upstream.on('close', () => this.upstreamClosed());
  }

  get buffered(): number {
    return this.client?.writableLength ?? 0;
  }

  /** Ends both sides; what the client has not read is lost. */
  destroy(): void {
    clearTimeout(this.timer);
    this.client?.destroy();
    this.upstream.destroy();
  }

  private failAfter(ms: number, message: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.upstream.destroy(new Error(message)), ms);
  }

  private connected(): void {
    this.failAfter(HEAD_TIMEOUT_MS, 'no reply in time');
    this.upstream.write(this.head, 'latin1');
    this.head = '';
  }

  private received(length: number): boolean {
    const client = this.client ?? this.attach();
    // Small reads are written as strings, from the stack; a buffer would be allocated for each event.
    if (length <= 4096) client.write(readBuffer.toString('latin1', 0, length), 'latin1');
    else client.write(Buffer.from(readBuffer.subarray(0, length)));
    const unsent = client.writableLength;
    if (unsent > DROP_BYTES) {
      this.dropped = true;
      this.destroy();
    } else if (unsent > PAUSE_BYTES) {
      this.upstream.pause();
      this.owner.stalled(this);
    }
    return true;
  }

  private attach(): Socket {
    clearTimeout(this.timer);
    this.timer = undefined;
    const client = this.owner.answered(
      this,
      this.opening as Opening,
      Number(readBuffer.toString('latin1', 9, 12)),
    );
    this.opening = null;
    this.client = client;
    // Whatever a client sends from here on is discarded; half-closing means leaving.
    client.resume();
    client.on('error', ignore);
    client.on('end', () => client.destroy());
    client.on('drain', () => {
      this.owner.flowing(this);
      this.upstream.resume();
    });
    client.on('close', () => {
      this.upstream.destroy();
      this.owner.closed(this);
    });
    return client;
  }

  private upstreamClosed(): void {
    clearTimeout(this.timer);
    const { client, opening } = this;
    if (opening) {
      this.opening = null;
      this.owner.refused(this, opening, this.error ?? new Error('closed without a reply'));
    } else if (client) {
      if (client.writableLength > 0) this.owner.stalled(this);
      client.destroySoon();
    }
  }
}

const ignore = () => undefined;
