import { Counter, Gauge } from '#platform';

/** Counted with plain additions, because they are on the hot path; read when somebody asks for metrics. */
export const counts = { deliveries: 0, events: 0, relayed: 0 };

const counted = (key: keyof typeof counts, name: string, help: string) =>
  new Counter({
    name,
    help,
    collect() {
      this.reset();
      this.inc(counts[key]);
    },
  });
counted(
  'deliveries',
  'parley_stream_deliveries_total',
  'Events written to streams, here or at the far end of a link',
);
counted('events', 'parley_stream_events_total', 'Events taken from the bus');
counted('relayed', 'parley_link_events_total', 'Events sent over links, once for all streams behind one');

export const openStreams = new Gauge({ name: 'parley_streams_open', help: 'Open event streams' });
export const ended = new Counter({
  name: 'parley_streams_ended_total',
  help: 'Streams that ended, by cause; `slow` were dropped because the client did not read',
  labelNames: ['cause'] as const,
});
export const refused = new Counter({
  name: 'parley_streams_refused_total',
  help: 'Streams refused by a limit',
  labelNames: ['limit'] as const,
});
export const replays = new Counter({
  name: 'parley_stream_replays_total',
  help: 'Streams that resumed, by where the events came from',
  labelNames: ['source'] as const,
});
export const pages = new Counter({
  name: 'parley_event_log_pages_total',
  help: 'Pages of events, by where these came from',
  labelNames: ['source'] as const,
});
export const resyncs = new Counter({
  name: 'parley_stream_resyncs_total',
  help: 'Streams that could not be continued',
  labelNames: ['reason'] as const,
});

type Observed = { ring: { size: number; bytes: number }; feed: { lag: number } };
let observed: Observed = { ring: { size: 0, bytes: 0 }, feed: { lag: 0 } };
/** `aggregator` says what several workers have together. */
const observing = (
  name: string,
  help: string,
  value: (of: Observed) => number,
  aggregator: 'sum' | 'max' = 'sum',
) =>
  new Gauge({
    name,
    help,
    aggregator,
    collect() {
      this.set(value(observed));
    },
  });
observing('parley_ring_events', 'Events kept in memory for resuming', ({ ring }) => ring.size);
observing('parley_ring_bytes', 'Memory of these events', ({ ring }) => ring.bytes);
observing(
  'parley_feed_lag_events',
  'Stored events that had not arrived at the last look',
  ({ feed }) => feed.lag,
  'max',
);

/** Names the ring and the feed of this process. */
export const observe = (ring: Observed['ring'], feed: Observed['feed']): void => {
  observed = { ring, feed };
};

let links = { size: 0 };
new Gauge({
  name: 'parley_links_open',
  help: 'Links of gateways',
  collect() {
    this.set(links.size);
  },
});
/** Names the links of this process. */
export const observeLinks = (of: { readonly size: number }): void => {
  links = of;
};
