import type { Connection } from './connection.js';
import { formatCursor } from './cursor.js';
import { sseFrame } from './entry.js';

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
  private readonly told = new Map<Connection, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly present: Present,
    intervalMs: number,
  ) {
    this.timer = setInterval(() => this.tell(), intervalMs);
    this.timer.unref();
  }

  /** Takes care of a stream that was told where it begins. */
  add(connection: Connection): void {
    if (connection.filter !== null) this.told.set(connection, connection.position);
  }

  remove(connection: Connection): void {
    this.told.delete(connection);
  }

  tell(): void {
    if (this.told.size === 0) return;
    const { present } = this;
    present.flush();
    const { head } = present;
    const cursor = formatCursor(present.epoch, head);
    const data = JSON.stringify({ type: 'stream.position', data: { cursor } });
    const frame = sseFrame(cursor, 'stream.position', Buffer.from(data));
    for (const [connection, position] of [...this.told]) {
      // One that is being replayed stands somewhere else.
      if (!connection.live || position === head) continue;
      this.told.set(connection, head);
      connection.send(frame, 1);
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
