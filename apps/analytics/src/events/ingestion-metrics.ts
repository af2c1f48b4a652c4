import { Counter, Histogram } from '#platform';

export const eventsTotal = new Counter({
  name: 'parley_analytics_events_total',
  help: 'Deliveries of events by outcome: ingested, postponed (ClickHouse is down) or refused',
  labelNames: ['outcome'] as const,
});

export const batchRows = new Histogram({
  name: 'parley_analytics_batch_rows',
  help: 'Rows per insert',
  buckets: [1, 10, 100, 500, 1000, 2000, 5000],
});

export const lagSeconds = new Histogram({
  name: 'parley_analytics_lag_seconds',
  help: 'Time from an event until it can be queried',
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 600, 3600],
});
