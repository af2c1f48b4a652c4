import type { Socket } from 'node:net';
import { encode, Kind, MessageReader, type MessageSink } from './messages.js';

/** What one end of a link makes of it. */
export interface LineEnd extends MessageSink {
  /** Everything that has arrived so far has been told. */
  caughtUp(): void;
  /** Every now and then. */
  tick(): void;
  /** The line is no more; told once. */
  lost(error: Error): void;
}

export type LineTiming = { pingMs: number };
export const LINE_TIMING: LineTiming = { pingMs: 3000 };

/** Own ticks without a sign of life. Counted, not measured: while we are stopped ourselves, no tick passes. */
const SILENT_TICKS = 3;
/** Replays wait while more than this is unsent, so that what happens now is not held up by what has been. */
const CONGESTED_BYTES = 1024 * 1024;
/** A peer that is this far behind is as good as dead. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;
/** Those who waited for the line go on in groups, and look at it again in between. */
const WAKE_AT_ONCE = 16;

/** The wire of a link: messages of a tick leave in one write, and a peer that hangs is noticed. */
export class Line {
  private readonly reader = new MessageReader();
  private parts: Buffer[] = [];
  private gathered = 0;
  private silentTicks = 0;
  private waiting: (() => void)[] = [];
  private error = new Error('the link was closed');
  private open = true;
  private readonly timer: NodeJS.Timeout;
  private readonly flush = (): void => this.write();

  constructor(
    private readonly socket: Socket,
    private readonly end: LineEnd,
    timing: LineTiming = LINE_TIMING,
  ) {
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.on('data', (chunk: Buffer) => this.received(chunk));
    socket.on('drain', () => this.wake());
    socket.on('error', (error) => (this.error = error));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.closed());
    this.timer = setInterval(() => this.tick(), timing.pingMs).unref();
  }

  send(kind: number, subject: number, other: number, payload?: Buffer): void {
    if (!this.open) return;
    const message = encode(kind, subject, other, payload);
    if (this.parts.push(message) === 1) setImmediate(this.flush);
    this.gathered += message.length;
  }

  get congested(): boolean {
    return this.gathered + this.socket.writableLength > CONGESTED_BYTES;
  }

  /** Resolves when there is room, or nothing more to wait for. */
  async uncongested(): Promise<void> {
    while (this.open && this.congested) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Closes after what was sent. */
  close(): void {
    this.write();
    this.socket.destroySoon();
  }

  destroy(error: Error): void {
    this.error = error;
    this.socket.destroy();
  }

  private write(): void {
    const { parts } = this;
    if (parts.length === 0) return;
    this.parts = [];
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, this.gathered);
    this.gathered = 0;
    this.socket.write(bytes);
    if (this.socket.writableLength > MAX_UNSENT_BYTES) this.destroy(new Error('the link is backed up'));
    // What was taken at once may bring no `drain`, and who waited for these bytes to leave waits for nothing else.
    this.wakeLater();
  }

  private received(chunk: Buffer): void {
    this.silentTicks = 0;
    try {
      this.reader.feed(chunk, this.end);
    } catch (error) {
      this.destroy(error as Error);
    }
    this.end.caughtUp();
  }

  private tick(): void {
    if (++this.silentTicks > SILENT_TICKS) return this.destroy(new Error('the other end is silent'));
    this.wakeLater();
    this.send(Kind.ping, 0, 0);
    this.end.tick();
  }

  private readonly wake = (): void => {
    for (const resolve of this.waiting.splice(0, WAKE_AT_ONCE)) resolve();
    this.wakeLater();
  };

  private wakeLater(): void {
    if (this.waiting.length > 0 && (!this.open || !this.congested)) setImmediate(this.wake);
  }

  private closed(): void {
    this.open = false;
    clearInterval(this.timer);
    this.wake();
    this.end.lost(this.error);
  }
}
