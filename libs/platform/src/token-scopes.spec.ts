import { describe, expect, it } from '@jest/globals';
import { API_PREFIX, routes, scopeOf, type Route } from '#contracts';
import { problemCodeOf } from './problem.filter.js';
import { requireScope } from './token-scopes.js';

const codeOf = (granted: string[], method: string, path: string): string => {
  try {
    requireScope(granted, method, path);
    return 'ok';
  } catch (error) {
    return problemCodeOf(error);
  }
};

describe('requireScope', () => {
  it.each(Object.entries<Route>(routes))('decides about %s by its scope', (_id, route) => {
    const scope = scopeOf(route);
    const path = API_PREFIX + route.path;
    if (scope === null) {
      expect(codeOf(['*'], route.method, path)).toBe('auth.session_required');
      return;
    }
    expect(codeOf([scope], route.method, path)).toBe('ok');
    expect(codeOf(['*'], route.method, path)).toBe('ok');
    const opposite = scope.endsWith(':read') ? scope.replace(/:.*/, ':write') : scope.replace(/:.*/, ':read');
    expect(codeOf([opposite], route.method, path)).toBe('permission.scope_missing');
    expect(codeOf([], route.method, path)).toBe('permission.scope_missing');
  });

  it('does not mind what a controller calls its parameters, and takes HEAD for GET', () => {
    expect(codeOf(['messages:read'], 'HEAD', '/api/v1/messages/:id')).toBe('ok');
    expect(codeOf(['messages:write'], 'HEAD', '/api/v1/messages/:id')).toBe('permission.scope_missing');
  });

  it('refuses what contracts do not know', () => {
    expect(codeOf(['*'], 'GET', '/api/v1/hidden')).toBe('auth.session_required');
    expect(codeOf(['*'], 'GET', '')).toBe('auth.session_required');
  });
});
