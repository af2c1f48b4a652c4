import type { Socket } from 'node:net';
import type { Audience, Subscriber } from './audience.js';
import { lastWords, type Outlet, type Shared } from './outlet.js';

type OwnedSocket = Socket & { connection?: Connection<unknown> };
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
export class Connection<Key> implements Subscriber, Outlet {
  burst: Audience | Audience[] | null = null;
  open = true;
  /** Heartbeat bucket. */
  bucket = -1;

  constructor(
    private readonly socket: Socket,
    private readonly key: Key,
    private readonly shared: Shared<Key>,
  ) {
    (socket as OwnedSocket).connection = this;
    socket.on('close', onClose).on('end', onEnd).on('error', onError);
    // Nothing more is expected from the client, but its leaving must be noticed.
    socket.resume();
    shared.heartbeat.add(this);
    if (socket.destroyed) process.nextTick(() => this.finish('closed'));
  }

  get congested(): boolean {
    return false;
  }

  write(bytes: Buffer, frames: number): void {
    if (!this.open) return;
    this.shared.delivered(frames);
    this.socket.write(bytes);
  }

  send(bytes: Buffer, frames: number): void {
    if (!this.open) return;
    this.shared.delivered(frames);
    this.socket.write(bytes);
    if (this.socket.writableLength > this.shared.maxBacklogBytes) this.drop('slow');
  }

  enter(audience: Audience): void {
    audience.subscribers.add(this);
  }

  leave(audience: Audience): void {
    audience.subscribers.delete(this);
  }

  /** A client that has not yet read what was sent needs no sign of life. */
  beat(): void {
    if (this.open && this.socket.writableLength === 0) this.socket.write(HEARTBEAT);
  }

  async drained(stallMs: number): Promise<void> {
    if (!this.socket.writableNeedDrain) return new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => {
      const timer = stallMs === Infinity ? undefined : setTimeout(() => this.drop('slow'), stallMs);
      const done = () => {
        clearTimeout(timer);
        this.socket.off('drain', done).off('close', done);
        resolve();
      };
      this.socket.on('drain', done).on('close', done);
    });
  }

  end(reason: string, words = lastWords(reason)): void {
    if (!this.open) return;
    this.socket.write(words);
    this.socket.setTimeout(LINGER_MS, onEnd);
    this.socket.destroySoon();
    this.finish(reason);
  }

  drop(reason: string): void {
    this.finish(reason);
    this.socket.destroy();
  }

  cork(): void {
    this.socket.cork();
  }

  uncork(): void {
    this.socket.uncork();
  }

  finish(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.shared.heartbeat.remove(this);
    this.shared.closed(this.key, reason);
  }
}
