import { API_PREFIX, routes, scopeOf, type Route } from '#contracts';
import { DomainError } from './domain-error.js';

/** Names of parameters are the controller's business. */
const anonymous = (path: string): string => path.replaceAll(/:[^/]+/g, ':');

const scopes = new Map(
  Object.values<Route>(routes).map((route) => [
    `${route.method} ${anonymous(API_PREFIX + route.path)}`,
    scopeOf(route),
  ]),
);

/**
 * Lets a personal access token pass to the route (`path` as the router has it) or throws
 * `permission.scope_missing`. A route that is not for tokens, or that contracts don't know, is
 * `auth.session_required`.
 */
export const requireScope = (granted: readonly string[], method: string, path: string): void => {
  const scope = scopes.get(`${method === 'HEAD' ? 'GET' : method} ${anonymous(path)}`);
  if (!scope) throw new DomainError('auth.session_required');
  if (!granted.includes(scope) && !granted.includes('*'))
    throw new DomainError('permission.scope_missing', { scope });
};
