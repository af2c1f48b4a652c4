import { describe, expect, it } from '@jest/globals';
import { Counter, Gauge, Registry } from 'prom-client';
import type { CheckResult, Readiness } from '../health.js';
import { combinedMetrics, combinedReadiness, type MetricsOfOne } from './vitals.js';

const up = (latencyMs = 1): CheckResult => ({ status: 'up', latencyMs });
const down: CheckResult = { status: 'down', latencyMs: 5, detail: 'refused' };
const one = (status: Readiness['status'], redis = up()): Readiness => ({ status, checks: { redis } });
const statusOf = (expected: number, ...answers: Readiness[]) =>
  combinedReadiness(expected, answers, false).status;

describe('combinedReadiness', () => {
  it('is ready when all are, and tells the slowest check', () => {
    expect(combinedReadiness(2, [one('ready', up(3)), one('ready', up(2))], false)).toEqual({
      status: 'ready',
      checks: { redis: up(3) },
      workers: { expected: 2, serving: 2 },
    });
  });

  it('is degraded while one is missing, or is degraded itself', () => {
    expect(combinedReadiness(2, [one('ready')], false)).toMatchObject({
      status: 'degraded',
      workers: { expected: 2, serving: 1 },
    });
    expect(statusOf(2, one('ready'), one('degraded'))).toBe('degraded');
    expect(statusOf(2, one('ready'), one('draining'))).toBe('degraded');
  });

  it('is unready when one that gets requests is, and tells what it lacks', () => {
    const readiness = combinedReadiness(2, [one('unready', down), one('ready', up(9))], false);
    expect(readiness).toMatchObject({ status: 'unready', checks: { redis: down } });
  });

  it('is unready when there is nobody', () => {
    expect(statusOf(2)).toBe('unready');
    expect(statusOf(1, one('draining'))).toBe('unready');
  });

  it('is draining once told so, whatever they say', () => {
    expect(combinedReadiness(1, [one('ready')], true).status).toBe('draining');
  });
});

describe('combinedMetrics', () => {
  const metricsOf = async (service: string, sent: number, lag: number) => {
    const registry = new Registry();
    registry.setDefaultLabels({ service });
    new Counter({ name: 'sent_total', help: 'Sent', registers: [registry] }).inc(sent);
    new Gauge({ name: 'lag', help: 'Lag', registers: [registry], aggregator: 'max' }).set(lag);
    return (await registry.getMetricsAsJSON()) as MetricsOfOne;
  };

  it('sums counters, and takes of a gauge what it asks for', async () => {
    const text = await combinedMetrics([await metricsOf('chat', 2, 7), await metricsOf('chat', 3, 4)]);
    expect(text).toContain('sent_total{service="chat"} 5');
    expect(text).toContain('lag{service="chat"} 7');
  });
});
