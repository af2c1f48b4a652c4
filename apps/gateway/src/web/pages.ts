import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, problemBody } from '#platform';
import { API_ONLY_PAGE, DOCS_CSS, docsPage, type OpenApi } from './docs-page.js';
import { securityHeaders } from './security-headers.js';

export type PagesOptions = { dir: string; openapi: string; secure: boolean };

/** Names of files that change with their content. */
const HASHED = /^\/assets\/.+-[\w-]{8,}\.[a-z0-9]+$/;
const IMMUTABLE = 'public, max-age=31536000, immutable';
const REVALIDATE = 'no-cache';

type Page = { body: string; type: string; etag: string };

const page = (type: string, body: string): Page => ({
  body,
  type,
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`,
});

const sendPage = (request: FastifyRequest, reply: FastifyReply, { body, type, etag }: Page): FastifyReply => {
  void reply.header('etag', etag).header('cache-control', REVALIDATE).type(type);
  const known = request.headers['if-none-match']
    ?.split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === etag);
  return known ? reply.status(304).send() : reply.send(body);
};

const addApiPages = (fastify: FastifyInstance, file: string): void => {
  const html = 'text/html; charset=utf-8';
  const css = page('text/css; charset=utf-8', DOCS_CSS);
  fastify.get('/api/v1/docs.css', (request, reply) => sendPage(request, reply, css));
  if (!existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  const document = page('application/json; charset=utf-8', text);
  const docs = page(html, docsPage(JSON.parse(text) as OpenApi));
  fastify.get('/api/v1/openapi.json', (request, reply) => sendPage(request, reply, document));
  fastify.get('/api/v1/docs', (request, reply) => sendPage(request, reply, docs));
};

const notFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const { code } = new DomainError('route.not_found');
  return reply.status(404).type('application/problem+json').send(problemBody(code, request.id));
};

/** `/invite/abc` is a view of the client and gets its page; `/assets/gone.js` is a missing file. */
const wantsView = (pathname: string, accept: string | undefined): boolean =>
  !path.posix.basename(pathname).includes('.') && (accept ?? '').includes('text/html');

const addWebClient = async (fastify: FastifyInstance, dir: string): Promise<void> => {
  const root = path.resolve(dir);
  const index = 'index.html';
  if (!existsSync(path.join(root, index))) {
    const apiOnly = page('text/html; charset=utf-8', API_ONLY_PAGE);
    fastify.get('/', (request, reply) => sendPage(request, reply, apiOnly));
    fastify.get('/*', notFound);
    return;
  }
  await fastify.register(fastifyStatic, {
    root,
    serve: false,
    cacheControl: false,
    preCompressed: true,
    dotfiles: 'ignore',
  });
  const sendIndex = (reply: FastifyReply) => reply.header('cache-control', REVALIDATE).sendFile(index);
  fastify.get('/', (_request, reply) => sendIndex(reply));
  fastify.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const pathname = `/${request.params['*']}`;
    if (wantsView(pathname, request.headers.accept)) return sendIndex(reply);
    if (!existsSync(path.join(root, path.posix.normalize(pathname)))) return notFound(request, reply);
    return reply.header('cache-control', HASHED.test(pathname) ? IMMUTABLE : REVALIDATE).sendFile(pathname);
  });
};

/** What the gateway serves itself: the web client, and the API's description. */
export const addPages = async (
  fastify: FastifyInstance,
  { dir, openapi, secure }: PagesOptions,
): Promise<void> => {
  const headers = securityHeaders(secure);
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
  addApiPages(fastify, openapi);
  await addWebClient(fastify, dir);
};
