import { register } from 'prom-client';
import type { Health, Readiness } from '../health.js';
import { Exchange } from './exchange.js';
import { ownVitals, type Vitals } from './vitals.js';

/** Longer than the primary waits for each of us. */
const ANSWER_MS = 4000;

/** The part of `process` by which a worker speaks with its primary. */
export type Channel = {
  connected: boolean;
  send?: (message: unknown, sent: (error: Error | null) => void) => boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
};

/** This process as one of several: it answers for itself, and asks the primary about all. */
export const workerVitals = (health: Health, channel: Channel = process): Vitals => {
  const own = ownVitals(health);
  // A message that can't be sent is one that isn't answered: an error of its own would end the process.
  const exchange = new Exchange((message) => channel.connected && channel.send?.(message, () => undefined), {
    readiness: own.readiness,
    metrics: () => register.getMetricsAsJSON(),
  });
  channel.on('message', (message) => exchange.receive(message));
  return {
    readiness: () => exchange.ask<Readiness>('readiness', ANSWER_MS).catch(own.readiness),
    metrics: () => exchange.ask<string>('metrics', ANSWER_MS).catch(own.metrics),
  };
};
