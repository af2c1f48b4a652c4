import cookie from '@fastify/cookie';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController, type FastifyHttpOptions, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Server } from 'node:http';
import { Health } from './health.js';
import { addBodies } from './bodies.js';
import { addHttpHooks, addOperationalRoutes, closeUnusedConnections, requestIdOf } from './http-hooks.js';
import { NestLogger, type Logger } from './logger.js';
import { PlatformModule } from './platform.module.js';
import { problemBody, ProblemFilter } from './problem.filter.js';
import { ValidationPipe } from './validation.pipe.js';
import { ownVitals, type Vitals } from './workers/vitals.js';

/** Requests up to this size are read; a message of 64 KiB and its envelope just fits. */
export const BODY_LIMIT_BYTES = 64 * 1024;

export type HttpOptions = FastifyHttpOptions<Server>;

export type ApplicationOptions = {
  module: Type;
  config: object;
  logger: Logger;
  health: Health;
  /** What health and metrics tell; of this process alone when not given. */
  vitals?: Vitals;
  fastify?: HttpOptions;
};

/** Builds a Nest application with everything that no service may forget; does not listen yet. */
export const createApplication = async ({
  module,
  config,
  logger,
  health,
  vitals = ownVitals(health),
  fastify = {},
}: ApplicationOptions): Promise<NestFastifyApplication> => {
  const options: HttpOptions = {
    bodyLimit: BODY_LIMIT_BYTES,
    logController: new LogController({ disableRequestLogging: true }),
    // Only a proxy on this host or a private network may say whom it speaks for.
    trustProxy: 'loopback, linklocal, uniquelocal',
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    // An emoji of ten code points is a longer path segment than fastify expects.
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: 'idle',
    keepAliveTimeout: 72_000,
    clientErrorHandler: (_error, socket) => {
      const body = JSON.stringify(problemBody('request.malformed', requestIdOf(undefined)));
      // Into a reply that is under way a second one would go unnoticed, as part of its body.
      const { _httpMessage: reply } = socket as { _httpMessage?: { headersSent: boolean } };
      if (socket.writable && !reply?.headersSent)
        socket.end(
          `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      else socket.destroy();
    },
    // What fastify refuses before routing (bad URL encoding …) is a problem document too.
    frameworkErrors: (_error, request, reply) => {
      const body = problemBody('request.malformed', request.id);
      void (reply as unknown as FastifyReply)
        .status(body.status)
        .header('x-request-id', request.id)
        .type('application/problem+json')
        .send(body);
    },
    ...fastify,
  };
  const adapter = new FastifyAdapter(options);
  const instance = adapter.getInstance<FastifyInstance>();
  addHttpHooks(instance);
  closeUnusedConnections(instance);
  addBodies(instance);
  await instance.register(cookie);
  instance.removeContentTypeParser('text/plain');
  addOperationalRoutes(instance, vitals);
  const root = { module: class Root {}, imports: [PlatformModule.register(config, logger, health), module] };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
  return app;
};
