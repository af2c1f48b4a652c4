import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Readable } from 'node:stream';
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
  const typesOf = (routes: Route[]) => [...new Set(routes.flatMap((route) => route.consumes ?? []))];
  const [streamed, buffered] = [true, undefined].map((how) =>
    typesOf([...served.values()].filter((route) => route.streamed === how)),
  ) as [string[], string[]];
  fastify.addContentTypeParser(buffered, { parseAs: 'buffer' }, (request, body, done) =>
    done(refusalOf(request), body),
  );
  fastify.addContentTypeParser(streamed, (request, payload, done) => done(refusalOf(request), payload));
};

/** A media type is known to the whole service; only the routes that say so take it. */
const refusalOf = ({ method, routeOptions, headers }: FastifyRequest): DomainError | null => {
  const [type = ''] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const taken = served.get(place(method, routeOptions.url ?? ''))?.consumes ?? [];
  return taken.includes(type.trim()) ? null : new DomainError('request.unsupported_media_type');
};

/** The bytes of a body that is not JSON; the contracts name its media types and its limit. */
export const RawBody = createParamDecorator((_: unknown, context: ExecutionContext): Buffer => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  if (Buffer.isBuffer(body)) return body;
  throw new DomainError('request.unsupported_media_type');
});

/** The body of a `streamed` route, as it arrives; throws `request.too_large` where it passes the route's limit. */
export const StreamedBody = createParamDecorator((_: unknown, context: ExecutionContext): Readable => {
  const { body, headers, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!(body instanceof Readable)) throw new DomainError('request.unsupported_media_type');
  const limit = routeOptions.bodyLimit ?? 0;
  if (Number(headers['content-length'] ?? 0) > limit) throw new DomainError('request.too_large');
  return Readable.from(bounded(body, limit), { objectMode: false });
});

async function* bounded(body: Readable, limit: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw new DomainError('request.too_large');
    yield part;
  }
}
