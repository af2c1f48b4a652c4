import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { breakingChanges, eventJsonSchemas } from '../scripts/event-schemas.js';
import { openApiDocument, openApiPath } from '../scripts/openapi.js';
import { Problem, problemCodes, type ProblemCode } from './problem.js';
import { routes, type Route } from './routes.js';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFile(new URL(path, root), 'utf8');
const readJson = async (path: string): Promise<unknown> => JSON.parse(await read(path));
const current = eventJsonSchemas();

describe('committed event schemas', () => {
  it.each(Object.keys(current))('%s only grew', async (name) => {
    const committed = await readJson(`libs/contracts/schemas/${name}`);
    expect(breakingChanges(committed, current[name])).toEqual([]);
    expect(committed).toEqual(current[name]);
  });

  it('belong to events that still exist', async () => {
    const names = await readdir(new URL('libs/contracts/schemas/', root));
    expect(names.sort()).toEqual(Object.keys(current).sort());
  });
});

describe('breakingChanges', () => {
  const text = { type: 'string' };
  const before = {
    type: 'object',
    properties: { a: text, b: { anyOf: [text, { type: 'null' }] } },
    required: ['a'],
  };
  const withProperties = (properties: object, required = ['a']) => ({ ...before, properties, required });

  it('allows new properties, also required and nested ones', () => {
    expect(breakingChanges(before, withProperties({ ...before.properties, c: text }, ['c', 'a']))).toEqual(
      [],
    );
    const nested = (inner: object) => withProperties({ a: { type: 'object', properties: inner } });
    expect(breakingChanges(nested({ x: text }), nested({ x: text, y: text }))).toEqual([]);
  });

  it.each([
    ['a removed property', withProperties({ a: text }), '/properties/b'],
    [
      'a changed type',
      withProperties({ ...before.properties, a: { type: 'integer' } }),
      '/properties/a/type',
    ],
    [
      'a new constraint',
      withProperties({ ...before.properties, a: { ...text, maxLength: 5 } }),
      '/properties/a/maxLength',
    ],
    ['a lost null', withProperties({ ...before.properties, b: { anyOf: [text] } }), '/properties/b/anyOf'],
    ['a promise taken back', withProperties(before.properties, []), '/required'],
    ['a closed object', { ...before, additionalProperties: false }, '/additionalProperties'],
    ['no properties any more', { type: 'object', required: ['a'] }, '/properties'],
  ])('tells %s', (_, after, pointer) => {
    expect(breakingChanges(before, after)).toEqual([pointer]);
  });

  it('tells that a property without promise lost it in a nested place', () => {
    const list = (items: object) => ({ type: 'array', items });
    expect(breakingChanges(list(before), list(withProperties({ a: text })))).toEqual(['/items/properties/b']);
  });
});

describe('the API description', () => {
  type Content = Record<string, { example?: unknown; examples?: Record<string, { $ref: string }> }>;
  type Operation = {
    operationId: string;
    security?: unknown[];
    parameters?: { name: string; in: string; example?: unknown }[];
    requestBody?: { content: Content };
    responses: Record<string, { content?: Content }>;
    'x-parley-access'?: unknown;
  };
  const operationsOf = (document: { paths: object }) =>
    document.paths as Record<string, Record<string, Operation>>;

  it('is committed as it is generated', async () => {
    const { version } = (await readJson('package.json')) as { version: string };
    expect(JSON.parse(JSON.stringify(openApiDocument(version)))).toEqual(
      await readJson('docs/api/openapi.json'),
    );
  });

  const paths = operationsOf(openApiDocument('0'));

  it.each(Object.entries<Route>(routes))('describes %s with all its replies', (id, route) => {
    const operation = paths[openApiPath(route.path)]?.[route.method.toLowerCase()];
    expect(operation?.operationId).toBe(id);
    const security = route.ticket ? [{ bearer: [] }, { cookie: [] }, { ticket: [] }] : undefined;
    expect(operation?.security).toEqual(route.auth === false ? [] : security);
    const text = JSON.stringify(operation?.responses);
    for (const code of [...route.errors, 'internal']) expect(text).toContain(`"${code}"`);
    expect(text.includes('"auth.unauthenticated"')).toBe(route.auth !== false);
    expect(Object.keys(operation?.responses ?? {})).toContain(String(route.status));
    expect(text.includes('text/event-stream')).toBe(route.stream === true);
  });

  // A failure here: no example could be made of the schema, write one in `scripts/examples`.
  it.each(Object.entries<Route>(routes))(
    'shows valid examples of all that %s takes and gives',
    (_id, route) => {
      const operation = paths[openApiPath(route.path)]?.[route.method.toLowerCase()];
      for (const { name, in: location, example } of operation?.parameters ?? []) {
        const schema = location === 'path' ? route.params : location === 'query' ? route.query : undefined;
        if (!(schema instanceof z.ZodObject)) continue;
        expect([name, (schema.shape as Record<string, z.ZodType>)[name]?.safeParse(example).error]).toEqual([
          name,
          undefined,
        ]);
      }
      const bodies = Object.entries(operation?.requestBody?.content ?? {});
      expect(bodies.map(([type]) => type)).toEqual(
        route.consumes ?? (route.body ? ['application/json'] : []),
      );
      for (const [, { example }] of bodies) expect(route.body?.safeParse(example).error).toBeUndefined();
      const reply = operation?.responses[route.status]?.content ?? {};
      if (route.produces) expect(Object.keys(reply)).toEqual(route.produces);
      for (const { example } of route.produces ? [] : Object.values(reply)) {
        expect(example).toBeDefined();
        expect(route.response?.safeParse(example).error).toBeUndefined();
      }
      expect(operation?.['x-parley-access']).toEqual(route.access);
    },
  );

  it('shows a valid example of every problem, each where it can occur', () => {
    const { components, 'x-parley-other-problems': others } = openApiDocument('0');
    const shown = [...Object.values(components.examples).map(({ value }) => value), ...others];
    expect(shown.map(({ code }) => code).sort()).toEqual([...problemCodes].sort());
    for (const problem of shown) expect(Problem.safeParse(problem).error).toBeUndefined();
    for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods)))
      for (const [status, { content = {} }] of Object.entries(operation.responses))
        for (const code of Object.keys(content['application/problem+json']?.examples ?? {}) as ProblemCode[])
          expect([operation.operationId, components.examples[code]?.value.status]).toEqual([
            operation.operationId,
            Number(status),
          ]);
  });

  it('names the header by which a stream resumes', () => {
    const stream = paths['/workspaces/{workspaceId}/events']?.['get'];
    expect(stream?.parameters?.map(({ name }) => name)).toContain('Last-Event-ID');
  });

  it('refers to nothing it lacks', () => {
    const document = JSON.stringify(openApiDocument('0'));
    const names = Object.keys(openApiDocument('0').components.schemas);
    const used = [...document.matchAll(/#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(names.sort());
  });
});

describe('the page of errors', () => {
  it('has a row for each code', async () => {
    const page = await read('docs/api/errors.md');
    const rows = [...page.matchAll(/^\| `([a-z_.]+)`/gm)].map(([, code]) => code);
    expect(rows).toEqual(problemCodes);
  });
});
