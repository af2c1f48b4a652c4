import type { Entry } from './entry.js';

/** What an entry costs beside its frame. */
const ENTRY_OVERHEAD_BYTES = 256;

/**
 * The newest events, bounded by number and by bytes. Holds every event after `floor` up to `head`, in
 * order; a cursor from `floor` on can be resumed from memory.
 */
export class Ring {
  private entries: (Entry | undefined)[] = [];
  /** Index of the oldest entry; what lies before is cut off once it is half of the array. */
  private first = 0;
  bytes = 0;
  floor = 0;
  head = 0;

  constructor(private readonly limits: { events: number; bytes: number }) {}

  get size(): number {
    return this.entries.length - this.first;
  }

  /** Empties the ring: it now stands at `position`. */
  reset(position: number): void {
    this.entries = [];
    this.first = 0;
    this.bytes = 0;
    this.floor = position;
    this.head = position;
  }

  push(entry: Entry): void {
    this.entries.push(entry);
    this.bytes += entry.frame.length + ENTRY_OVERHEAD_BYTES;
    this.head = entry.seq;
    while (this.size > this.limits.events || (this.bytes > this.limits.bytes && this.size > 0)) this.evict();
  }

  /** Notes a position of the stream that holds no event for anyone. */
  skip(seq: number): void {
    this.head = seq;
    if (this.size === 0) this.floor = seq;
  }

  covers(position: number): boolean {
    return position >= this.floor;
  }

  /** Visits the entries after `position`, oldest first, until `visit` returns false. True when it saw all. */
  after(position: number, visit: (entry: Entry) => boolean): boolean {
    for (let i = this.indexAfter(position); i < this.entries.length; i++)
      if (!visit(this.entries[i] as Entry)) return false;
    return true;
  }

  private indexAfter(position: number): number {
    let low = this.first;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle] as Entry).seq <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private evict(): void {
    const oldest = this.entries[this.first] as Entry;
    this.entries[this.first++] = undefined;
    this.bytes -= oldest.frame.length + ENTRY_OVERHEAD_BYTES;
    this.floor = oldest.seq;
    if (this.first > 1024 && this.first * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.first);
      this.first = 0;
    }
  }
}
