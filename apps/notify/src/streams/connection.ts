import type { Socket } from 'node:net';
import type { Audience } from './audience.js';
import type { Entry } from './entry.js';
import type { Filter } from './filter.js';
import type { Route, Stream } from './route.js';

/** What all connections of a process share, so that each holds one pointer to it. */
export type Shared = {
  maxBacklogBytes: number;
  delivered(frames: number): void;
  closed(connection: Connection, reason: string): void;
};

type OwnedSocket = Socket & { connection?: Connection };
const HEARTBEAT = Buffer.from(':\n\n');
/** How long a client that does not read may hold an ended stream. */
const LINGER_MS = 2000;

function onClose(this: OwnedSocket): void {
  this.connection?.finish('closed');
}
function onEnd(this: OwnedSocket): void {
  this.destroy();
}
// A broken socket closes right after.
const onError = () => undefined;

/** One open stream: a bare socket. There may be many thousands, so it has few fields and no closures. */
export class Connection implements Stream {
  burst: Audience | Audience[] | null = null;
  live = false;
  open = true;
  /** Heartbeat bucket. */
  bucket = -1;
  /** Where it stands in the event stream; kept up to date only while it is not live. */
  position = 0;
  /** Grows when what the stream was doing has become void. */
  phase = 0;

  constructor(
    readonly socket: Socket,
    readonly route: Route,
    readonly sessionId: string,
    private readonly shared: Shared,
    readonly filter: Filter | null = null,
  ) {
    (socket as OwnedSocket).connection = this;
    socket.on('close', onClose).on('end', onEnd).on('error', onError);
    // Nothing more is expected from the client, but its leaving must be noticed.
    socket.resume();
  }

  send(bytes: Buffer, frames: number): void {
    if (!this.open) return;
    this.shared.delivered(frames);
    this.socket.write(bytes);
    // A replay waits for its client instead.
    if (this.live && this.socket.writableLength > this.shared.maxBacklogBytes) this.drop('slow');
  }

  /** A client that has not yet read what was sent needs no sign of life. */
  beat(): void {
    if (this.open && this.socket.writableLength === 0) this.socket.write(HEARTBEAT);
  }

  /** Resolves when the client has taken what was written, or is gone; drops it when it stalls. */
  async drained(stallMs: number): Promise<void> {
    if (!this.socket.writableNeedDrain) return new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.drop('slow'), stallMs);
      const done = () => {
        clearTimeout(timer);
        this.socket.off('drain', done).off('close', done);
        resolve();
      };
      this.socket.on('drain', done).on('close', done);
    });
  }

  /** Whether an event that lies before the present is for this stream. */
  wants(entry: Entry): boolean {
    return this.route.sees(entry) && (this.filter?.passes(entry) ?? true);
  }

  /** Ends the stream after what was written, with a last comment that says why, and when to come back. */
  end(reason: string, retryMs?: number): void {
    if (!this.open) return;
    this.socket.write(`${retryMs === undefined ? '' : `retry: ${retryMs}\n`}: ${reason}\n\n`);
    this.socket.setTimeout(LINGER_MS, onEnd);
    this.socket.destroySoon();
    this.finish(reason);
  }

  drop(reason: string): void {
    this.finish(reason);
    this.socket.destroy();
  }

  finish(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.phase++;
    this.shared.closed(this, reason);
  }
}
