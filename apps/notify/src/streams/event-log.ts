import type { Bus } from '#bus';
import { DomainError } from '#platform';
import { formatCursor } from './cursor.js';
import { payloadOf, type Entry } from './entry.js';
import type { EventFeed } from './event-feed.js';
import type { Filter } from './filter.js';
import { Gate } from './gate.js';
import { History } from './history.js';
import type { Outdated } from './outdated.js';
import type { Ring } from './ring.js';
import type { Route } from './route.js';
import { pages } from './stream-metrics.js';

const MAX_BYTES = 1024 * 1024;
/** What one request may look at; the next goes on from there. */
const MAX_LOOKED = 20_000;
const FEED_BEHIND_MS = 5000;

/** Gathers the events of one page, in order, up to its limits. */
class Page {
  readonly entries: Entry[] = [];
  /** Everything up to here is in the page, or not for who asks. */
  position: number;
  full = false;
  private bytes = 0;
  private looked = 0;

  constructor(
    readonly from: number,
    private readonly route: Route,
    private readonly filter: Filter | null,
    private readonly limit: number,
  ) {
    this.position = from;
  }

  /** False when the entry is left for the next page. */
  readonly take = (entry: Entry): boolean => {
    if (this.full) return false;
    if (this.route.sees(entry) && (this.filter?.passes(entry) ?? true)) {
      this.entries.push(entry);
      this.bytes += entry.frame.length;
    }
    this.position = entry.seq;
    this.looked++;
    this.full = this.entries.length >= this.limit || this.bytes >= MAX_BYTES || this.looked >= MAX_LOOKED;
    return true;
  };
}

/**
 * The events in pages instead of a stream: for those who come very late, and for programs that ask now and
 * then. What a page has is judged as in a stream: by what its reader may see now.
 */
export class EventLog {
  private readonly gate: Gate;

  constructor(
    private readonly bus: Bus,
    private readonly feed: EventFeed,
    private readonly ring: Ring,
    private readonly outdated: Outdated,
    limit: number,
  ) {
    this.gate = new Gate(limit);
  }

  /** The page after a position of this epoch, as JSON; null is the present. */
  async read(route: Route, from: number | null, filter: Filter | null, limit: number): Promise<Buffer> {
    const { ring, feed } = this;
    const { epoch } = feed;
    const page = new Page(from ?? ring.head, route, filter, limit);
    if (page.from > ring.head && !(await feed.reached(page.from, FEED_BEHIND_MS)))
      throw new DomainError('unavailable', { retryAfter: 2 });
    pages.inc({ source: ring.covers(page.from) ? 'ring' : 'jetstream' });
    if (!ring.covers(page.from)) await this.gate.run(() => this.fromHistory(page, route));
    if (feed.epoch !== epoch) throw new DomainError('stream.cursor_expired', { detail: whyNot.epoch });
    if (route.expelled) throw new DomainError('workspace.not_found');
    if (!page.full && ring.after(page.position, page.take)) page.position = ring.head;
    return pageJson(epoch, page, page.position < ring.head);
  }

  private async fromHistory(page: Page, route: Route): Promise<void> {
    const history = new History(this.bus, this.feed.epoch, route, this.outdated);
    try {
      while (!page.full && !this.ring.covers(page.position)) {
        const { entries, position } = await history.read(page.position, this.ring.head);
        if (entries.every(page.take)) page.position = position;
      }
    } finally {
      await history.close();
    }
    const { first } = await this.feed.look();
    // What retention removed while it was being read may be missing.
    if (page.from < first - 1) throw new DomainError('stream.cursor_expired', { detail: whyNot.expired });
  }
}

/** Of a cursor that can't be continued; the reasons of `stream.resync`. */
export const whyNot = {
  expired: 'The cursor is older than what is kept.',
  ahead: 'The cursor is ahead of the stream, which lost its end.',
  epoch: 'The cursor is of another stream.',
  malformed: 'This is no cursor.',
} as const;

/** The events travel as they were published: none is parsed for it. */
const pageJson = (epoch: string, { entries, position }: Page, more: boolean): Buffer => {
  const parts: Buffer[] = [Buffer.from('{"data":[')];
  entries.forEach((entry, index) => {
    const id = formatCursor(epoch, entry.seq);
    const comma = index === 0 ? '' : ',';
    parts.push(Buffer.from(`${comma}{"id":"${id}","type":"${entry.type}","event":`), payloadOf(entry), END);
  });
  parts.push(Buffer.from(`],"nextCursor":"${formatCursor(epoch, position)}","more":${more}}`));
  return Buffer.concat(parts);
};
const END = Buffer.from('}');
