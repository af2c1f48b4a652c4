import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { routes, type Route } from '#contracts';

const API = '/api/v1';
/** Names of parameters are the author's business: `:workspaceId` and `:w` are the same route. */
const anonymous = (path: string): string => path.replaceAll(/:[^/]+/g, ':');

/**
 * The routes an application really serves below `/api/v1`, as `METHOD /path` with parameters as `:`,
 * sorted. Read from fastify's router, so a route registered past Nest is in it too. Call it after `init()`.
 */
export const servedRoutes = (app: INestApplication): string[] => {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  const served: string[] = [];
  const prefixes: string[] = [];
  for (const line of fastify.printRoutes({ commonPrefix: true }).split('\n')) {
    const found = /^([│ ]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!found) continue;
    const depth = (found[1] as string).length / 4;
    const path = (prefixes[depth - 1] ?? '') + (found[2] as string);
    prefixes[depth] = path;
    if (!path.startsWith(`${API}/`)) continue;
    for (const method of found[3]?.split(', ') ?? [])
      if (method !== 'HEAD' && method !== 'OPTIONS')
        served.push(`${method} ${anonymous(path.slice(API.length))}`);
  }
  return served.sort();
};

/** What contracts promise for a service, in the form of `servedRoutes`. */
export const contractRoutes = (service: Route['service']): string[] =>
  Object.values<Route>(routes)
    .filter((route) => route.service === service)
    .map((route) => `${route.method} ${anonymous(route.path)}`)
    .sort();
