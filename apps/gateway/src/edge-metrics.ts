import { Counter, Gauge, Histogram } from '#platform';
import type { BreakerState } from './upstreams/breaker.js';
import type { Upstream } from './upstreams/upstream.js';

const STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];

const duration = new Histogram({
  name: 'parley_gateway_request_duration_seconds',
  help: 'Time from the request head to the end of the reply, by group of routes',
  labelNames: ['group', 'status'] as const,
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});
const openStreams = new Gauge({
  name: 'parley_gateway_open_streams',
  help: 'Event streams on sockets of this process',
});
const deliveries = { frames: 0 };
new Counter({
  name: 'parley_gateway_deliveries_total',
  help: 'Events written to streams',
  collect() {
    this.reset();
    this.inc(deliveries.frames);
  },
});
const links = new Gauge({
  name: 'parley_gateway_links',
  help: 'Open links to notify, which carry the events of all streams',
});
const lostLinks = new Counter({
  name: 'parley_gateway_lost_links_total',
  help: 'Links that broke; the clients of their streams resume',
});
const droppedStreams = new Counter({
  name: 'parley_gateway_dropped_streams_total',
  help: 'Event streams closed because their client read too slowly',
});
const rateLimited = new Counter({
  name: 'parley_gateway_rate_limited_total',
  help: 'Requests refused with 429, by bucket',
  labelNames: ['bucket'] as const,
});
const breakerState = new Gauge({
  name: 'parley_gateway_breaker_state',
  help: '1 for the state the breaker of an upstream is in',
  labelNames: ['upstream', 'state'] as const,
});
const inFlight = new Gauge({
  name: 'parley_gateway_upstream_in_flight',
  help: 'Requests and streams that run on an upstream',
  labelNames: ['upstream'] as const,
});

/** What the door counts. Gauges of upstreams are read when they are scraped. */
export class EdgeMetrics {
  served(group: string, status: number, ms: number): void {
    duration.observe({ group, status: `${Math.floor(status / 100)}xx` }, ms / 1000);
  }

  limited(bucket: string): void {
    rateLimited.inc({ bucket });
  }

  streamOpened(): void {
    openStreams.inc();
  }

  streamClosed(): void {
    openStreams.dec();
  }

  streamDropped(): void {
    droppedStreams.inc();
  }

  /** Hot path: a plain addition. */
  delivered(frames: number): void {
    deliveries.frames += frames;
  }

  linkOpened(): void {
    links.inc();
  }

  linkClosed(lost: boolean): void {
    links.dec();
    if (lost) lostLinks.inc();
  }

  watch(upstreams: readonly Upstream[]): void {
    const read = () => {
      for (const { address, breaker, inFlight: running } of upstreams) {
        inFlight.set({ upstream: address.authority }, running);
        for (const state of STATES) {
          breakerState.set({ upstream: address.authority, state }, Number(breaker.state === state));
        }
      }
    };
    Object.assign(breakerState, { collect: read });
  }
}
