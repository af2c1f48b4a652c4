import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { JetStreamStrategy, type Bus } from '#bus';
import { LOGGER, SpanKind, withSpan, type Logger } from '#platform';
import { Storage } from './engines/storage.js';
import { BUS } from './engines/tokens.js';

/** Lets the process consume events durably, as soon as there is somewhere to keep what comes of them. */
export const prepare = (app: NestFastifyApplication): Promise<void> => {
  const logger = app.get<Logger>(LOGGER);
  const strategy = new JetStreamStrategy({
    bus: app.get<Bus>(BUS),
    service: 'notify',
    durable: 'notify-notifications',
    log: logger,
    maxInFlight: 500,
    // What a process dies with is taken up soon, although telling everyone in a large channel takes longer.
    ackWaitMs: 10_000,
    prolong: true,
    around: (name, traceparent, handle) => withSpan(name, SpanKind.CONSUMER, traceparent, handle),
  });
  app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: true });
  void app
    .get(Storage)
    .ready.then(() => app.startAllMicroservices())
    .catch((err: unknown) => logger.fatal({ err }, 'events are not consumed'));
  return Promise.resolve();
};
