import { AggregatorRegistry, register, type MetricObjectWithValues, type MetricValue } from 'prom-client';
import type { CheckResult, Health, Readiness } from '../health.js';

/** What an operator asks of a service, however many processes it is. */
export type Vitals = {
  readiness: () => Promise<Readiness>;
  /** In the text format of Prometheus. */
  metrics: () => Promise<string>;
};

export type MetricsOfOne = MetricObjectWithValues<MetricValue<string>>[];

export const ownVitals = (health: Health): Vitals => ({
  readiness: () => health.readiness(),
  metrics: () => register.metrics(),
});

const worse = (a: CheckResult | undefined, b: CheckResult): CheckResult => {
  if (!a || (a.status === b.status ? b.latencyMs > a.latencyMs : b.status === 'down')) return b;
  return a;
};

/**
 * A request may come to any of the workers that run, so the service is as ready as the worst of them. One
 * that isn't there (it died and is being started again, or doesn't answer) gets none: that only degrades.
 */
export const combinedReadiness = (
  expected: number,
  answers: readonly Readiness[],
  draining: boolean,
): Readiness => {
  const running = answers.filter(({ status }) => status !== 'draining');
  const checks: Record<string, CheckResult> = {};
  for (const answer of running)
    for (const [name, result] of Object.entries(answer.checks)) checks[name] = worse(checks[name], result);
  const serving = running.filter(({ status }) => status !== 'unready').length;
  const workers = { expected, serving };
  if (draining) return { status: 'draining', checks, workers };
  if (serving < running.length || serving === 0) return { status: 'unready', checks, workers };
  const whole = serving === expected && running.every(({ status }) => status === 'ready');
  return { status: whole ? 'ready' : 'degraded', checks, workers };
};

/** Counters and histograms are summed, gauges as each of them says. */
export const combinedMetrics = (answers: MetricsOfOne[]): Promise<string> =>
  AggregatorRegistry.aggregate(answers).metrics();
