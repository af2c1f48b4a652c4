import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { JetStreamStrategy, type Bus } from '#bus';
import { LOGGER, SpanKind, withSpan, type Logger, type ServiceDefinition } from '#platform';
import { AnalyticsModule } from './analytics.module.js';
import { AnalyticsConfig } from './config.js';
import { BUS } from './engine/engine.module.js';

/** So many events wait for their batch at once, over all replicas. */
const MAX_IN_FLIGHT = 4000;

const consumeEvents = async (app: NestFastifyApplication): Promise<void> => {
  const strategy = new JetStreamStrategy({
    bus: app.get<Bus>(BUS),
    service: 'analytics',
    durable: 'analytics',
    log: app.get<Logger>(LOGGER),
    maxInFlight: MAX_IN_FLIGHT,
    around: (name, traceparent, handle) => withSpan(name, SpanKind.CONSUMER, traceparent, handle),
  });
  // With the application's filter errors reach the strategy as they are, and with its pipe events are validated.
  app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
};

/** ClickHouse is not among the engines: events wait in JetStream while it is down. */
export const analytics = {
  name: 'analytics',
  config: AnalyticsConfig,
  engines: (config) => ({ nats: config.nats.url, redis: config.redis.url }),
  module: AnalyticsModule,
  prepare: consumeEvents,
} satisfies ServiceDefinition<typeof AnalyticsConfig>;
