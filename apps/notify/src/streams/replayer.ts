import type { Bus } from '#bus';
import { formatCursor, type Cursor, type ResyncReason } from './cursor.js';
import { sseFrame, type Entry } from './entry.js';
import type { EventFeed } from './event-feed.js';
import { Gate } from './gate.js';
import { History } from './history.js';
import type { OpenStream } from './open-stream.js';
import type { Outdated } from './outdated.js';
import type { Ring } from './ring.js';
import type { Router } from './router.js';
import { replays, resyncs } from './stream-metrics.js';

/** Where a stream begins: at a position that can be continued, or at the end with a reason. */
export type Start = { position: number } | { resync: ResyncReason };

const CHUNK_BYTES = 256 * 1024;
const CHUNK_ENTRIES = 20_000;
const STALL_MS = 30_000;
const FEED_BEHIND_MS = 5000;

/** Frame that tells the client to fetch the state again and go on from `cursor`. */
export const resyncFrame = (cursor: string, reason: ResyncReason): Buffer =>
  sseFrame(
    cursor,
    'stream.resync',
    Buffer.from(JSON.stringify({ type: 'stream.resync', data: { reason, cursor } })),
  );

/**
 * Brings a stream from its cursor to the present and makes it live, without gap, duplicate or disorder:
 * the last step from memory and the going live happen in the same tick.
 */
export class Replayer {
  private readonly gate: Gate;

  constructor(
    private readonly bus: Bus,
    private readonly feed: EventFeed,
    private readonly ring: Ring,
    private readonly router: Router,
    private readonly outdated: Outdated,
    limit: number,
  ) {
    this.gate = new Gate(limit);
  }

  /** Judges a cursor; asks the server only when memory can't tell. Rejects while that is not reachable. */
  async begin(cursor: Cursor): Promise<Start> {
    const { feed, ring } = this;
    if (cursor.epoch === feed.epoch && ring.covers(cursor.seq) && cursor.seq <= ring.head)
      return { position: cursor.seq };
    const view = await feed.look();
    if (cursor.epoch !== view.epoch || feed.epoch !== view.epoch) return { resync: 'epoch' };
    if (cursor.seq > view.last) return { resync: 'ahead' };
    return cursor.seq < view.first - 1 ? { resync: 'expired' } : { position: cursor.seq };
  }

  /** Returns when the stream is live or over. */
  async run(stream: OpenStream): Promise<void> {
    const { ring, router } = this;
    const { phase, route } = stream;
    if (stream.position > ring.head) await this.feed.reached(stream.position, FEED_BEHIND_MS);
    if (stream.position > ring.head) return stream.outlet.drop('the feed is behind');
    if (stream.position < ring.head)
      replays.inc({ source: ring.covers(stream.position) ? 'ring' : 'jetstream' });
    while (stream.phase === phase) {
      if (stream.outlet.congested) {
        await stream.outlet.drained(STALL_MS);
        continue;
      }
      if (!ring.covers(stream.position)) await this.gate.run(() => this.fromHistory(stream, phase));
      if (stream.phase !== phase) return;
      this.fromRing(stream);
      if (stream.phase !== phase) return;
      if (stream.position === ring.head) return router.attach(route, stream);
      await stream.outlet.drained(STALL_MS);
    }
  }

  /** One bounded step through memory. */
  private fromRing(stream: OpenStream): void {
    const frames: Buffer[] = [];
    let bytes = 0;
    let looked = 0;
    let position = stream.position;
    const finished = this.ring.after(position, (entry) => {
      if (bytes >= CHUNK_BYTES || looked === CHUNK_ENTRIES) return false;
      looked++;
      position = entry.seq;
      if (stream.wants(entry)) {
        frames.push(entry.frame);
        bytes += entry.frame.length;
      }
      return true;
    });
    stream.position = finished ? this.ring.head : position;
    if (frames.length > 0) stream.outlet.write(Buffer.concat(frames), frames.length);
  }

  private async fromHistory(stream: OpenStream, phase: number): Promise<void> {
    const { route, position: from } = stream;
    const history = new History(this.bus, this.feed.epoch, route, this.outdated);
    try {
      while (stream.phase === phase && !this.ring.covers(stream.position)) {
        const page = await history.read(stream.position, this.ring.head);
        if (stream.phase !== phase) return;
        stream.position = page.position;
        this.sendEntries(stream, page.entries);
        await stream.outlet.drained(STALL_MS);
      }
      await this.checkRetention(stream, phase, from);
    } finally {
      await history.close();
    }
  }

  /** What retention removed while it was being read may be missing: better to say so than to hide it. */
  private async checkRetention(stream: OpenStream, phase: number, from: number): Promise<void> {
    const view = await this.feed.look();
    if (stream.phase !== phase || from >= view.first - 1) return;
    this.resync(stream, 'expired');
  }

  /** Moves a stream to the present and says that something is missing. */
  resync(stream: OpenStream, reason: ResyncReason): void {
    resyncs.inc({ reason });
    stream.position = this.ring.head;
    stream.outlet.write(resyncFrame(formatCursor(this.feed.epoch, this.ring.head), reason), 1);
  }

  private sendEntries(stream: OpenStream, entries: readonly Entry[]): void {
    const frames = entries.filter((entry) => stream.wants(entry)).map((entry) => entry.frame);
    if (frames.length > 0) stream.outlet.write(Buffer.concat(frames), frames.length);
  }
}
