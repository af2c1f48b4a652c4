import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { API_PREFIX } from '#contracts';
import { JetStreamStrategy, type Bus } from '#bus';
import { DomainError, LOGGER, SpanKind, TokenVerifier, withSpan, type Logger } from '#platform';
import type { ChatConfig } from './config.js';
import { BUS } from './engine/engine.module.js';
import { addIdempotency } from './idempotency/idempotency.hooks.js';
import { IdempotencyStore } from './idempotency/idempotency.store.js';

/** Gives the process its roles: the HTTP API, the bus consumers of a worker, or both. */
export const prepare = async (app: NestFastifyApplication, config: ChatConfig): Promise<void> => {
  app.setGlobalPrefix(API_PREFIX);
  if (!config.roles.includes('api')) {
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRequest', async (request) => {
        if (request.url.startsWith('/api/')) throw new DomainError('route.not_found');
      });
  }
  addIdempotency(app.getHttpAdapter().getInstance(), app.get(TokenVerifier), app.get(IdempotencyStore));
  const strategy = new JetStreamStrategy({
    bus: app.get<Bus>(BUS),
    service: 'chat',
    durable: config.roles.includes('worker') ? 'chat-indexer' : undefined,
    log: app.get<Logger>(LOGGER),
    maxInFlight: 1000,
    around: (name, traceparent, handle) => withSpan(name, SpanKind.CONSUMER, traceparent, handle),
  });
  // With the application's pipe payloads are validated, and with its filter errors reach the strategy as they are.
  app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
};
