import { exampleClientMessageId, exampleId, exampleTime } from './example-ids.js';
import { SCHEMAS_URI, type JsonSchema } from './json-schemas.js';

/** What people write into fields of these names, or of these names in these schemas. */
const texts: Record<string, string> = {
  code: '492039',
  email: 'ada@example.org',
  handle: 'ada',
  locale: 'en-GB',
  name: 'Ada',
  membersNextCursor: 'WyJhZGEiXQ',
  nextCursor: 'WyJhZGEiXQ',
  password: 'correct horse battery staple',
  q: 'good morning',
  invitedBy: 'Ada',
  text: 'Good morning',
  timeZone: 'Europe/London',
  token: 'Kq3v8sT1nB0yW5xZ7aQe2f',
  topic: 'Everything and nothing',
  url: 'https://chat.example/i/Kq3v8sT1nB0yW5xZ7aQe2f',
  eventsUrl: '/api/v1/workspaces/019bc0a1-7c00-7a10-8000-00000000b001/events',
  workspaceName: 'Analytical Engines',
  'Channel.name': 'general',
  'MyWorkspace.name': 'Analytical Engines',
  'Workspace.name': 'Analytical Engines',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0',
  ip: '203.0.113.7',
};
/** Tried in this order where a pattern rules; what fits none of them is written by hand. */
const shapes = ['general', 'Kq3v8sT1nB0yW5xZ7aQe2f', 'm3k9-42', '492039', '#3366cc', '👍', '09:30', '1'];
const formats: Record<string, string> = {
  date: exampleTime.slice(0, 10),
  'date-time': exampleTime,
  email: 'ada@example.org',
  uri: 'https://chat.example/',
};
/** Null in the ordinary case, although they can be something. */
const usuallyNull = new Set(['archivedAt', 'deletedAt', 'editedAt', 'nextCursor', 'revokedAt']);

/** `name` is the property's, `owner` and `noun` the schemas' around and behind it; `full` includes what is optional. */
type Place = {
  name: string;
  owner: string;
  noun: string;
  full: boolean;
  within: readonly string[];
  schemas: Record<string, JsonSchema>;
};

const singular = (name: string) => name.replace(/Ids?$/, '').replace(/^./, (letter) => letter.toUpperCase());

const textOf = (schema: JsonSchema, { name, owner, noun }: Place): string | undefined => {
  if (schema['format'] === 'uuid') {
    const id = exampleId(singular(noun || name));
    return new RegExp(schema['pattern'] as string).test(id) ? id : exampleClientMessageId;
  }
  const format = formats[schema['format'] as string];
  if (format) return format;
  const { minLength = 0, maxLength = Infinity } = schema as { minLength?: number; maxLength?: number };
  const pattern = typeof schema['pattern'] === 'string' ? new RegExp(schema['pattern'], 'u') : /^/;
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength && pattern.test(text);
  const wanted = texts[`${owner}.${name}`] ?? texts[name] ?? name;
  return [wanted, ...shapes, wanted.padEnd(minLength, '-')].find(fits);
};

const numberOf = (schema: JsonSchema): number => {
  const { minimum = -Infinity, exclusiveMinimum = -Infinity } = schema as Record<string, number>;
  const { maximum = Infinity, exclusiveMaximum = Infinity } = schema as Record<string, number>;
  const least = Math.max(minimum, exclusiveMinimum + 1);
  return Math.max(least, Math.min(42, maximum, exclusiveMaximum - 1));
};

const objectOf = (schema: JsonSchema, place: Place): JsonSchema | undefined => {
  const required = (schema['required'] ?? []) as string[];
  const result: JsonSchema = {};
  for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)) {
    if (!place.full && !required.includes(name)) continue;
    const value = valueOf(property, { ...place, name, owner: place.noun, noun: '' });
    if (value !== undefined) result[name] = value;
    else if (required.includes(name)) return undefined;
  }
  return result;
};

const arrayOf = (schema: JsonSchema, place: Place): unknown[] => {
  const item = valueOf((schema['items'] ?? {}) as JsonSchema, {
    ...place,
    name: place.name.replace(/s$/, ''),
  });
  if (item === undefined) return [];
  return Array.from({ length: Math.max(1, Number(schema['minItems'] ?? 1)) }, () => item);
};

const alternativeOf = (alternatives: JsonSchema[], place: Place): unknown => {
  const isNull = (schema: JsonSchema) => schema['type'] === 'null';
  if (usuallyNull.has(place.name) && alternatives.some(isNull)) return null;
  for (const schema of alternatives.filter((one) => !isNull(one))) {
    const value = valueOf(schema, place);
    if (value !== undefined) return value;
  }
  return alternatives.some(isNull) ? null : undefined;
};

/** Undefined where no finite or fitting value is known. */
const valueOf = (schema: JsonSchema, place: Place): unknown => {
  const { $ref, allOf } = schema as { $ref?: string; allOf?: JsonSchema[] };
  if ($ref) {
    const noun = $ref.slice(SCHEMAS_URI.length);
    if (place.within.includes(noun)) return undefined;
    return valueOf(place.schemas[noun] ?? {}, { ...place, noun, within: [...place.within, noun] });
  }
  if (Array.isArray(schema['examples'])) return (schema['examples'] as unknown[])[0];
  if ('const' in schema) return schema['const'];
  if ('default' in schema) return schema['default'];
  if (Array.isArray(schema['enum'])) return (schema['enum'] as unknown[])[0];
  const alternatives = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (alternatives) return alternativeOf(alternatives, place);
  if (allOf) return Object.assign({}, ...allOf.map((part) => valueOf(part, place))) as JsonSchema;
  const type = Array.isArray(schema['type']) ? (schema['type'] as string[])[0] : schema['type'];
  if (type === 'object') return objectOf(schema, place);
  if (type === 'array') return arrayOf(schema, place);
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return numberOf(schema);
  return type === 'null' ? null : textOf(schema, place);
};

/**
 * An example made of a schema, the same each time: with everything optional if `accepts` lets that pass
 * (a rule between two fields may not), else with what is required. Undefined when neither does: then it
 * has to be written by hand.
 */
export const exampleOf = (
  schema: JsonSchema,
  schemas: Record<string, JsonSchema>,
  accepts: (value: unknown) => boolean,
  name = '',
): unknown =>
  [true, false]
    .map((full) => valueOf(schema, { name, owner: '', noun: '', full, within: [], schemas }))
    .find((value) => value !== undefined && accepts(value));
