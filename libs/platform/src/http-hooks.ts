import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from '#core';
import { httpDuration, register } from './metrics.js';
import { runInSpan, SpanKind, startSpan, tracingEnabled } from './telemetry.js';
import type { Vitals } from './workers/vitals.js';

/** Accepts a caller's `X-Request-Id` when it is harmless in a log, else makes one. */
export const requestIdOf = (header: string | string[] | undefined): string =>
  typeof header === 'string' && /^[\w.:-]{1,64}$/.test(header) ? header : uuidv7();

/** Request ids, latency metrics and, when enabled, a server span per request. */
export const addHttpHooks = (fastify: FastifyInstance): void => {
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    reply.header('x-request-id', request.id);
    if (!tracingEnabled()) return done();
    const traceparent = request.headers['traceparent'];
    const span = startSpan(
      `${request.method} ${request.routeOptions.url ?? 'unmatched'}`,
      SpanKind.SERVER,
      typeof traceparent === 'string' ? traceparent : null,
    );
    reply.raw.once('close', () => {
      span?.setAttribute('http.response.status_code', reply.statusCode);
      span?.end();
    });
    runInSpan(span, done);
  });
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    httpDuration.observe(
      { method: request.method, route: request.routeOptions.url ?? 'unmatched', status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
    done();
  });
};

/** `/health/live`, `/health/ready` and `/metrics`, outside of the API and its authentication. */
export const addOperationalRoutes = (fastify: FastifyInstance, vitals: Vitals): void => {
  fastify.get('/health/live', () => ({ status: 'live' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const readiness = await vitals.readiness();
    const serving = readiness.status === 'ready' || readiness.status === 'degraded';
    return reply.status(serving ? 200 : 503).send(readiness);
  });
  fastify.get('/metrics', async (_request, reply) =>
    reply.type(register.contentType).send(await vitals.metrics()),
  );
};

/**
 * Browsers and clients open connections in advance. Until its first request node counts such a connection
 * as active, so closing the idle ones would leave it and hold up the shutdown.
 */
export const closeUnusedConnections = (fastify: FastifyInstance): void => {
  const unused = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  fastify.server.on('request', (request: IncomingMessage) => unused.delete(request.socket));
  fastify.addHook('preClose', (done: () => void) => {
    for (const socket of unused) socket.destroy();
    done();
  });
};
