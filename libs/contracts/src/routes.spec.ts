import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { callerKinds, routes, type Route } from './routes.js';

const all = Object.entries<Route>(routes);
const named = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);

describe.each(all)('%s', (_id, route) => {
  it('has parameters for exactly what its path names', () => {
    expect(Object.keys(route.params?.shape ?? {}).sort()).toEqual(named(route.path).sort());
  });

  it('has a path in house style', () => {
    expect(route.path).toMatch(/^(\/([a-z][a-z-]*|:[a-zA-Z]+))+$/);
    expect(route.path).not.toMatch(/\/$/);
  });

  it('takes nothing it does not know', () => {
    const stray: Record<string, unknown> = {
      ...Object.fromEntries(named(route.path).map((name) => [name, ''])),
      stray: 'x',
    };
    for (const schema of [route.params, route.query, route.body]) {
      const issues = schema?.safeParse(stray).error?.issues ?? [];
      if (schema) expect(issues.map((issue) => issue.code)).toContain('unrecognized_keys');
    }
  });

  it('has a body only where HTTP gives it a meaning, and a reply that fits its status', () => {
    if (route.method === 'GET' || route.method === 'DELETE') expect(route.body).toBeUndefined();
    if (route.method === 'PATCH') expect(route.body).toBeDefined();
    const notJson = route.stream === true || route.produces !== undefined;
    expect(route.response === undefined).toBe(route.status === 204 || notJson);
  });

  it('bounds a body that is not JSON', () => {
    if (route.consumes === undefined) return;
    expect(route.body).toBeUndefined();
    expect(route.maxBodyBytes).toBeGreaterThan(0);
  });

  it('has a verdict for every kind of caller, each a problem it lists', () => {
    expect(Object.keys(route.access).sort()).toEqual([...callerKinds].sort());
    const ordinary = ['ok', ...(route.auth === false ? [] : ['auth.unauthenticated'])];
    expect([...ordinary, ...route.errors]).toEqual(expect.arrayContaining(Object.values(route.access)));
    expect(route.access.anonymous).toBe(route.auth === false ? 'ok' : 'auth.unauthenticated');
  });

  it('lists each problem once', () => {
    expect(new Set(route.errors).size).toBe(route.errors.length);
  });

  it('says workspace.not_found where a workspace is named', () => {
    const aboutWorkspace = named(route.path).includes('workspaceId');
    expect((route.errors as string[]).includes('workspace.not_found')).toBe(aboutWorkspace);
  });

  it('answers lists with data and nextCursor, and may count them', () => {
    if (!(route.response instanceof z.ZodObject) || !('data' in route.response.shape)) return;
    // A list that is shown with its size may tell it: who wants to know needn't page to the end.
    // One that ends at the present says whether it has come to it.
    const { count: _count, more: _more, ...envelope } = route.response.shape;
    expect(Object.keys(envelope).sort()).toEqual(['data', 'nextCursor']);
  });
});

describe('routes', () => {
  it('never share a method and path', () => {
    const places = all.map(([, { method, path }]) => `${method} ${path.replace(/:\w+/g, ':')}`);
    expect(new Set(places).size).toBe(places.length);
  });
});
