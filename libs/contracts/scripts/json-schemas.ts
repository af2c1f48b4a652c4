import { z } from 'zod';
import * as contracts from '../src/index.js';
import * as ids from '../src/ids.js';

export type JsonSchema = { [keyword: string]: unknown };

export const SCHEMAS_URI = '#/components/schemas/';

/** Names under which the zod schemas of contracts appear in OpenAPI: their export names. */
const named: [string, z.ZodType][] = Object.entries<unknown>(contracts).flatMap(([name, value]) =>
  value instanceof z.ZodType ? [[name, value] as [string, z.ZodType]] : [],
);

/** Schemas whose TypeScript types are branded, see `ids.ts`. */
export const brandedNames = Object.keys(ids).filter((name) => name.endsWith('Id'));

/**
 * JSON Schemas of every named schema plus `extra` ones, referring to the named ones by `$ref`. In `input`
 * mode defaults are optional and only strict objects are closed, so replies may grow.
 */
export const jsonSchemas = (extra: Record<string, z.ZodType>): Record<string, JsonSchema> => {
  const registry = z.registry<{ id: string }>();
  const aliases: Record<string, z.ZodType> = {};
  for (const [id, schema] of [...named, ...Object.entries(extra)]) {
    if (registry.has(schema)) aliases[id] = schema;
    else registry.add(schema, { id });
  }
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => SCHEMAS_URI + id });
  const result: Record<string, JsonSchema> = {};
  for (const [id, schema] of Object.entries(schemas)) result[id] = clean(schema);
  for (const [id, schema] of Object.entries(aliases)) {
    result[id] = { $ref: SCHEMAS_URI + (registry.get(schema)?.id ?? '') };
  }
  return result;
};

const clean = (schema: object): JsonSchema => {
  const { $id: _id, $schema: _dialect, id: _name, ...rest } = schema as JsonSchema;
  return rest;
};

/** Names of all schemas that `node` refers to, directly or through others. */
export const referenced = (node: unknown, schemas: Record<string, JsonSchema>, found = new Set<string>()) => {
  if (typeof node !== 'object' || node === null) return found;
  for (const [key, value] of Object.entries(node)) {
    if (key !== '$ref' || typeof value !== 'string' || !value.startsWith(SCHEMAS_URI)) {
      referenced(value, schemas, found);
      continue;
    }
    const name = value.slice(SCHEMAS_URI.length);
    if (found.has(name)) continue;
    found.add(name);
    referenced(schemas[name], schemas, found);
  }
  return found;
};
