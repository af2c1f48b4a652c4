import type { Bus } from './connection.js';
import { EXCUSED_STREAM, excusedSubject } from './streams.js';

/** Messages up to stream position `throughSeq` may have had `deliveries` deliveries that don't count. */
type Note = { throughSeq: number; deliveries: number };

/** Noted ahead, so that a long outage writes a note now and then and not at each delivery. */
const AHEAD = 16;

/**
 * JetStream counts every delivery, also those that ended in `RetryLater`. This remembers, over restarts,
 * how many of them to forgive. One note per consumer, so it forgives a little more than it must: a
 * message that kills its process is buried some deliveries later if it was met during an outage.
 */
export class ExcusedDeliveries {
  private note: Note = { throughSeq: 0, deliveries: 0 };
  private unsaved = false;
  private saving: Promise<void> | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly stream: string,
    private readonly durable: string,
  ) {}

  /** Deliveries of the message at `seq` that don't count. */
  of(seq: number): number {
    return seq <= this.note.throughSeq ? this.note.deliveries : 0;
  }

  /** Starts from the stored note, unless all it speaks of has been settled since. */
  async start(): Promise<void> {
    await this.refresh();
    const { ack_floor } = await this.bus.jsm.consumers.info(this.stream, this.durable);
    if (ack_floor.stream_seq >= this.note.throughSeq) this.note = { throughSeq: 0, deliveries: 0 };
  }

  /** Takes over what other replicas have noted. */
  async refresh(): Promise<void> {
    const stored = await this.bus.jsm.streams
      .getMessage(EXCUSED_STREAM, { last_by_subj: excusedSubject(this.durable) })
      .catch(() => null);
    if (stored) this.extend(stored.json<Note>());
  }

  /** Resolves when the delivery is noted durably. */
  async excuse(seq: number, deliveryCount: number): Promise<void> {
    if (deliveryCount > this.of(seq)) {
      this.extend({ throughSeq: seq, deliveries: deliveryCount + AHEAD });
      this.unsaved = true;
    }
    if (this.unsaved) this.saving ??= this.save().finally(() => (this.saving = undefined));
    await this.saving;
  }

  private extend(other: Note): void {
    this.note = {
      throughSeq: Math.max(this.note.throughSeq, other.throughSeq),
      deliveries: Math.max(this.note.deliveries, other.deliveries),
    };
  }

  /** Writes until nothing is left that came meanwhile; deliveries of one tick share a note. */
  private async save(): Promise<void> {
    do {
      await new Promise((resolve) => setImmediate(resolve));
      this.unsaved = false;
      try {
        await this.bus.js.publish(excusedSubject(this.durable), JSON.stringify(this.note));
      } catch (error) {
        this.unsaved = true;
        throw error;
      }
    } while (this.unsaved);
  }
}
