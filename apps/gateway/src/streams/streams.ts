import { Heartbeat, type EdgeOptions, type LineTiming } from '#streams';
import { WaveMemory, type Logger } from '#platform';
import type { EdgeMetrics } from '../edge-metrics.js';
import type { Forwarding } from '../proxy/headers.js';
import type { Visit } from '../proxy/visit.js';
import type { Balancer } from '../upstreams/balancer.js';
import type { Upstream } from '../upstreams/upstream.js';
import type { LinkWatch } from './notify-link.js';
import { NotifyLinks } from './notify-links.js';
import { StreamOpening, type OpeningOwner, type Refusal } from './stream-opening.js';

export type StreamSettings = {
  maxBacklogBytes: number;
  heartbeatMs: number;
  linksPerNotify: number;
  timing?: LineTiming | undefined;
};

const OPENING_MS = 30_000;
/** Streams that open in one wave after which the heap is worth a collection. */
const WAVE = 2000;

/** All event streams of clients, and the links that carry their events here. */
export class Streams implements OpeningOwner, LinkWatch {
  /** Open streams. */
  size = 0;
  private readonly links: ReadonlyMap<Upstream, NotifyLinks>;
  private readonly heartbeat: Heartbeat;
  private readonly memory = new WaveMemory(WAVE);
  private draining = false;

  constructor(
    private readonly balancer: Balancer,
    private readonly metrics: EdgeMetrics,
    private readonly logger: Logger,
    { maxBacklogBytes, heartbeatMs, linksPerNotify, timing }: StreamSettings,
  ) {
    this.heartbeat = new Heartbeat(heartbeatMs);
    const options: EdgeOptions = {
      maxBacklogBytes,
      timing,
      heartbeat: this.heartbeat,
      openingMs: OPENING_MS,
      delivered: (frames) => metrics.delivered(frames),
    };
    this.links = new Map(
      balancer.upstreams.map((upstream) => [
        upstream,
        new NotifyLinks(upstream, linksPerNotify, options, this),
      ]),
    );
  }

  start(visit: Visit, forwarding: Forwarding): void {
    const { response } = visit;
    // A response behind pipelined others has no socket to take over yet.
    if (response.socket) this.attempt(visit, forwarding);
    else response.once('socket', () => setImmediate(() => this.attempt(visit, forwarding)));
  }

  /** Closes all streams: their clients resume elsewhere. New ones are refused. */
  drain(): void {
    this.draining = true;
    this.heartbeat.stop();
    for (const links of this.links.values()) links.close('draining');
  }

  opened({ upstream }: StreamOpening): void {
    upstream.breaker.success();
    this.size += 1;
    this.metrics.streamOpened();
    this.memory.note();
  }

  cancelled(opening: StreamOpening): void {
    opening.upstream.breaker.abandon();
    this.over(opening);
  }

  /** Another process may have room when one is full, or going down. */
  refused(opening: StreamOpening, refusal: Refusal): void {
    const { visit, forwarding, upstream, again } = opening;
    upstream.breaker.success();
    this.over(opening);
    const other = refusal.status === 503 && !again ? this.balancer.pick(upstream) : undefined;
    if (other) this.ask(visit, forwarding, other, true);
    else refusal.answer(visit);
  }

  failed(opening: StreamOpening, error: NodeJS.ErrnoException): void {
    const { visit, forwarding, upstream, again } = opening;
    const { requestId } = visit;
    this.logger.warn({ requestId, upstream: upstream.base, err: error.message }, 'a stream was not answered');
    // Out of descriptors or ports is our own trouble, not the upstream's.
    const ours = error.code === 'EMFILE' || error.code === 'EADDRNOTAVAIL';
    upstream.breaker[ours ? 'abandon' : 'failure']();
    this.over(opening);
    if (ours) visit.refuse('overloaded', 5);
    else if (again) visit.refuse('unavailable', this.balancer.retryAfterSeconds);
    else this.attempt(visit, forwarding, upstream);
  }

  streamClosed(upstream: Upstream, reason: string): void {
    upstream.inFlight -= 1;
    this.size -= 1;
    this.metrics.streamClosed();
    if (reason === 'slow') this.metrics.streamDropped();
  }

  linked(): void {
    this.metrics.linkOpened();
  }

  unlinked(upstream: Upstream, error: Error): void {
    this.metrics.linkClosed(!this.draining);
    if (!this.draining) this.logger.warn({ upstream: upstream.base, err: error.message }, 'a link was lost');
  }

  private attempt(visit: Visit, forwarding: Forwarding, tried?: Upstream): void {
    if (visit.over) return;
    const upstream = this.draining ? undefined : this.balancer.pick(tried);
    if (upstream) this.ask(visit, forwarding, upstream, tried !== undefined);
    else visit.refuse('unavailable', this.balancer.retryAfterSeconds);
  }

  private ask(visit: Visit, forwarding: Forwarding, upstream: Upstream, again: boolean): void {
    const link = (this.links.get(upstream) as NotifyLinks).pick();
    upstream.inFlight += 1;
    link.open(new StreamOpening(visit, forwarding, upstream, link, again, this));
  }

  /** An opening has ended without a stream. */
  private over({ upstream, link }: StreamOpening): void {
    upstream.inFlight -= 1;
    link.streams -= 1;
  }
}
