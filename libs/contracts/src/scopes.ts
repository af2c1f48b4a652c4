import { scopeResources, type TokenScope } from './http/access-tokens.js';
import type { Route } from './routes/route.js';

const resources: ReadonlySet<string> = new Set(scopeResources);

/** The scope that a personal access token needs for a route; null where none will do. */
export const scopeOf = ({ tag, method }: Pick<Route, 'tag' | 'method'>): TokenScope | null =>
  resources.has(tag) ? (`${tag}:${method === 'GET' ? 'read' : 'write'}` as TokenScope) : null;
