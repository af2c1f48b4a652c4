import type { TokenScope } from './http/access-tokens.js';
import type { Route } from './routes/route.js';
import { tags, type ScopeResource } from './tags.js';

/** The scope that a personal access token needs for a route; null where none will do. */
export const scopeOf = ({
  tag,
  method,
  scope,
}: Pick<Route, 'tag' | 'method' | 'scope'>): TokenScope | null =>
  tags[tag].tokens === null
    ? null
    : `${tag as ScopeResource}:${scope ?? (method === 'GET' ? 'read' : 'write')}`;
