import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { API_PREFIX, routes, type Route } from '#contracts';
import { DomainError } from './domain-error.js';

/** Names of parameters are the author's business: `:workspaceId` and `:w` are the same route. */
const place = (method: string, path: string) => `${method} ${path.replaceAll(/:[^/]+/g, ':')}`;
const served = new Map(
  Object.values<Route>(routes).map((route) => [place(route.method, API_PREFIX + route.path), route]),
);

/** Bodies that are larger than usual or not JSON, where the contracts say so. */
export const addBodies = (fastify: FastifyInstance): void => {
  fastify.addHook('onRoute', (options) => {
    const limit = served.get(place(String(options.method), options.url))?.maxBodyBytes;
    if (limit !== undefined) options.bodyLimit = limit;
  });
  const types = [...new Set([...served.values()].flatMap((route) => route.consumes ?? []))];
  fastify.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
};

/** The bytes of a body that is not JSON; the contracts name its media types and its limit. */
export const RawBody = createParamDecorator((_: unknown, context: ExecutionContext): Buffer => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  if (Buffer.isBuffer(body)) return body;
  throw new DomainError('request.unsupported_media_type');
});
