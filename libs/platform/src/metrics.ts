import { collectDefaultMetrics, Histogram, register } from 'prom-client';

export { Counter, Gauge, Histogram, register } from 'prom-client';

export const httpDuration = new Histogram({
  name: 'parley_http_request_duration_seconds',
  help: 'Time from the request line to the last byte of the reply',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

export const startMetrics = (service: string): void => {
  register.setDefaultLabels({ service });
  if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();
};
