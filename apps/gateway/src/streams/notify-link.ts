import { LinkEdge, type EdgeOptions, type EdgeOwner, type OpenedLink, type Opening } from '#streams';
import type { Upstream } from '../upstreams/upstream.js';

/** What happens on all links of a gateway. */
export interface LinkWatch {
  linked(): void;
  unlinked(upstream: Upstream, error: Error): void;
  streamClosed(upstream: Upstream, reason: string): void;
}

/** One link to a process of notify: made when it is first needed, and again after it was lost. */
export class NotifyLink implements EdgeOwner {
  /** Streams on it, open or asked for. */
  streams = 0;
  /** The one at the other end, while it is connected. */
  process: string | null = null;
  private edge: LinkEdge | null = null;
  /** Openings that wait for the link to be made. */
  private waiting: Set<Opening> | null = null;
  private closed = false;

  constructor(
    private readonly upstream: Upstream,
    private readonly options: EdgeOptions,
    private readonly watch: LinkWatch,
    private readonly make: (link: NotifyLink) => Promise<OpenedLink>,
  ) {}

  /** Each must be followed by `streams` going down, when its outcome or its stream's end is known. */
  open(opening: Opening): void {
    this.streams += 1;
    if (this.edge) return this.edge.open(opening);
    if (!this.waiting) void this.connect((this.waiting = new Set()));
    this.waiting.add(opening);
  }

  /** The client did not wait. */
  cancel(opening: Opening): void {
    if (!this.waiting?.delete(opening)) this.edge?.cancel(opening);
  }

  /** Ends its streams, for good. */
  close(reason: string): void {
    this.closed = true;
    this.edge?.close(reason);
  }

  streamClosed(reason: string): void {
    this.streams -= 1;
    this.watch.streamClosed(this.upstream, reason);
  }

  lost(error: Error): void {
    this.edge = null;
    this.process = null;
    this.watch.unlinked(this.upstream, error);
  }

  private async connect(waiting: Set<Opening>): Promise<void> {
    let made: OpenedLink;
    try {
      made = await this.make(this);
    } catch (error) {
      this.waiting = null;
      for (const opening of waiting) opening.lost(error as Error);
      return;
    }
    this.waiting = null;
    this.edge = new LinkEdge(made.socket, this.options, this);
    this.watch.linked();
    for (const opening of waiting) this.edge.open(opening);
    if (this.closed) this.edge.close('draining');
  }
}
