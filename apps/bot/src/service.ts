import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { JetStreamStrategy, type Bus } from '#bus';
import { LOGGER, SpanKind, withSpan, type Logger, type ServiceDefinition } from '#platform';
import { BotModule } from './bot.module.js';
import { BotConfig } from './config.js';
import { BUS } from './engine/engine.module.js';

const consumeEvents = async (app: NestFastifyApplication): Promise<void> => {
  const strategy = new JetStreamStrategy({
    bus: app.get<Bus>(BUS),
    service: 'bot',
    durable: 'bot',
    log: app.get<Logger>(LOGGER),
    around: (name, traceparent, handle) => withSpan(name, SpanKind.CONSUMER, traceparent, handle),
  });
  // With the application's filter errors reach the strategy as they are, and with its pipe events are validated.
  app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
};

/** Chat is not among the engines: commands wait in JetStream while it is down. */
export const bot = {
  name: 'bot',
  config: BotConfig,
  engines: (config) => ({ nats: config.nats.url }),
  module: BotModule,
  prepare: consumeEvents,
} satisfies ServiceDefinition<typeof BotConfig>;
