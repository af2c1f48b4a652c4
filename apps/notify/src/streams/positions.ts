import { formatCursor } from './cursor.js';
import { sseFrame } from './entry.js';
import type { OpenStream } from './open-stream.js';

/** Where the events of this process stand. */
type Present = {
  readonly epoch: string;
  readonly head: number;
  /** Writes out what is on its way, so that nothing up to `head` is still to come. */
  flush(): void;
};

/**
 * Tells filtered streams at times how far the events have come. They would otherwise resume from the last
 * event that they wanted, which may be long ago: everything since would be read again, or be gone by then.
 */
export class Positions {
  /** The position each was told last. */
  private readonly told = new Map<OpenStream, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly present: Present,
    intervalMs: number,
  ) {
    this.timer = setInterval(() => this.tell(), intervalMs);
    this.timer.unref();
  }

  /** Takes care of a stream that was told where it begins. */
  add(stream: OpenStream): void {
    if (stream.filter !== null) this.told.set(stream, stream.position);
  }

  remove(stream: OpenStream): void {
    this.told.delete(stream);
  }

  tell(): void {
    if (this.told.size === 0) return;
    const { present } = this;
    present.flush();
    const { head } = present;
    const cursor = formatCursor(present.epoch, head);
    const data = JSON.stringify({ type: 'stream.position', data: { cursor } });
    const frame = sseFrame(cursor, 'stream.position', Buffer.from(data));
    for (const [stream, position] of [...this.told]) {
      // One that is being replayed stands somewhere else.
      if (!stream.live || position === head) continue;
      this.told.set(stream, head);
      stream.outlet.send(frame, 1);
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
