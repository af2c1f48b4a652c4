import { describe, expect, it } from '@jest/globals';
import { scopeResources, TokenScope } from './http/access-tokens.js';
import { routes, type Route } from './routes.js';
import { scopeOf } from './scopes.js';

const all = Object.entries<Route>(routes);

describe('scopeOf', () => {
  it('is a scope that can be granted, or null', () => {
    for (const [id, route] of all) {
      const scope = scopeOf(route);
      if (scope !== null) expect([id, TokenScope.options]).toEqual([id, expect.arrayContaining([scope])]);
    }
  });

  it('tells reading from writing', () => {
    expect(scopeOf(routes.listMessages)).toBe('messages:read');
    expect(scopeOf(routes.sendMessage)).toBe('messages:write');
    expect(scopeOf(routes.streamEvents)).toBe('events:read');
    expect(scopeOf(routes.createStreamTicket)).toBe('events:read');
  });

  it('names only resources that routes have', () => {
    const tags = new Set(all.map(([, { tag }]) => tag));
    expect(scopeResources.filter((resource) => !tags.has(resource))).toEqual([]);
  });

  it('is null for whatever guards an account', () => {
    const guarding =
      /^\/(auth|sessions)\b|^\/me\/(password|email|verification|deletion|two-factor|passkeys|access-tokens)\b/;
    for (const [id, route] of all)
      if (guarding.test(route.path)) expect([id, scopeOf(route)]).toEqual([id, null]);
  });
});
