import type { Socket } from 'node:net';
import type { Logger } from '#platform';
import type { EdgeMetrics } from '../edge-metrics.js';
import { requestHead, type Forwarding } from '../proxy/headers.js';
import type { Visit } from '../proxy/visit.js';
import type { Balancer } from '../upstreams/balancer.js';
import type { Upstream } from '../upstreams/upstream.js';
import { hijack } from './hijack.js';
import { Splice, type SpliceOwner } from './splice.js';

type Opening = { visit: Visit; forwarding: Forwarding; tried: Upstream | undefined };

export type StreamTiming = {
  sweepMs: number;
  /** Without any progress for this long a client is gone. */ stallMs: number;
};
const TIMING: StreamTiming = { sweepMs: 5000, stallMs: 20_000 };

/** All event streams that pass through. One timer watches those whose client does not keep up. */
export class Streams implements SpliceOwner<Opening> {
  private readonly open = new Set<Splice<Opening>>();
  private readonly stalls = new Map<Splice<Opening>, { since: number; buffered: number }>();
  private timer: NodeJS.Timeout | undefined;
  private draining = false;

  constructor(
    private readonly balancer: Balancer,
    private readonly metrics: EdgeMetrics,
    private readonly logger: Logger,
    private readonly timing: StreamTiming = TIMING,
  ) {}

  get size(): number {
    return this.open.size;
  }

  start(visit: Visit, forwarding: Forwarding): void {
    // A response behind pipelined others has no socket to take over yet.
    if (visit.response.socket) this.attempt(visit, forwarding);
    else visit.response.once('socket', () => setImmediate(() => this.attempt(visit, forwarding)));
  }

  /** Closes all streams: their clients resume elsewhere. New ones are refused. */
  drain(): void {
    this.draining = true;
    clearInterval(this.timer);
    for (const splice of this.open) splice.destroy();
  }

  private attempt(visit: Visit, forwarding: Forwarding, tried?: Upstream): void {
    if (visit.over) return;
    const upstream = this.draining ? undefined : this.balancer.pick(tried);
    if (!upstream) {
      visit.refuse('unavailable', this.balancer.retryAfterSeconds);
      return;
    }
    const authority = upstream.address.authority;
    const head = requestHead(visit.request, authority, forwarding, { kind: 'none' }, false);
    upstream.inFlight += 1;
    const splice = new Splice<Opening>(upstream, head, { visit, forwarding, tried }, this);
    visit.onAbort = () => splice.destroy();
  }

  answered(splice: Splice<Opening>, { visit }: Opening, status: number): Socket {
    splice.target.breaker.success();
    visit.handOver(status);
    this.open.add(splice);
    this.metrics.streamOpened();
    return hijack(visit.request, visit.response);
  }

  refused(splice: Splice<Opening>, opening: Opening, error: NodeJS.ErrnoException): void {
    const { visit, forwarding, tried } = opening;
    const upstream = splice.target;
    upstream.inFlight -= 1;
    if (visit.over) {
      upstream.breaker.abandon();
      return;
    }
    const { requestId } = visit;
    this.logger.warn({ requestId, upstream: upstream.base, err: error.message }, 'a stream was not answered');
    // Out of descriptors or ports is our own trouble, not the upstream's.
    const ours = error.code === 'EMFILE' || error.code === 'EADDRNOTAVAIL';
    upstream.breaker[ours ? 'abandon' : 'failure']();
    if (ours) visit.refuse('overloaded', 5);
    else if (tried) visit.refuse('unavailable', this.balancer.retryAfterSeconds);
    else this.attempt(visit, forwarding, upstream);
  }

  closed(splice: Splice<Opening>): void {
    if (!this.open.delete(splice)) return;
    this.stalls.delete(splice);
    splice.target.inFlight -= 1;
    this.metrics.streamClosed();
    if (splice.dropped) this.metrics.streamDropped();
  }

  stalled(splice: Splice<Opening>): void {
    this.stalls.set(splice, { since: performance.now(), buffered: splice.buffered });
    this.timer ??= setInterval(() => this.sweep(), this.timing.sweepMs).unref();
  }

  flowing(splice: Splice<Opening>): void {
    this.stalls.delete(splice);
  }

  private sweep(): void {
    const now = performance.now();
    for (const [splice, stall] of this.stalls) {
      const { buffered } = splice;
      if (buffered < stall.buffered) {
        this.stalls.set(splice, { since: now, buffered });
      } else if (now - stall.since > this.timing.stallMs) {
        splice.dropped = true;
        splice.destroy();
      }
    }
  }
}
