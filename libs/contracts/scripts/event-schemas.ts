import { z } from 'zod';
import { ephemeralSchemas, eventSchemas, StreamPosition, StreamReady, StreamResync } from '../src/index.js';
import type { JsonSchema } from './json-schemas.js';

const published: Record<string, z.ZodType> = {
  ...eventSchemas,
  ...ephemeralSchemas,
  'stream.ready': StreamReady,
  'stream.resync': StreamResync,
  'stream.position': StreamPosition,
};

/** File name → JSON Schema of one version of one event. */
export const eventJsonSchemas = (): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(published).map(([type, schema]) => [
      `${type}.v1.json`,
      { title: `${type} (version 1)`, ...(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema) },
    ]),
  );

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What a consumer of `before` could trip over in `after`, as JSON pointers. Allowed within a version: new
 * properties and new values of an enumeration (consumers pass over what they don't know). Not allowed: removing or changing one, or no longer promising it.
 */
export const breakingChanges = (before: unknown, after: unknown, at = ''): string[] => {
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length) return [at];
    return before.flatMap((item, i) => breakingChanges(item, after[i], `${at}/${i}`));
  }
  if (!isObject(before) || !isObject(after)) return before === after ? [] : [at];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((keyword) => {
    const [old, now, path] = [before[keyword], after[keyword], `${at}/${keyword}`];
    if (keyword === 'properties' && isObject(old)) return changedProperties(old, now, path);
    if ((keyword === 'required' || keyword === 'enum') && Array.isArray(old) && Array.isArray(now)) {
      return old.every((name) => now.includes(name)) ? [] : [path];
    }
    return breakingChanges(old, now, path);
  });
};

const changedProperties = (old: JsonSchema, now: unknown, path: string) =>
  isObject(now)
    ? Object.keys(old).flatMap((name) => breakingChanges(old[name], now[name], `${path}/${name}`))
    : [path];
