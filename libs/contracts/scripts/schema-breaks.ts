import { SCHEMAS_URI, type JsonSchema } from './json-schemas.js';

export type Node = Record<string, unknown>;
export type Document = {
  paths: Record<string, Record<string, Node>>;
  components?: { schemas?: Record<string, Node> };
};
/** Requests may accept more than before, replies may say more than before; never the other way round. */
type Direction = 'request' | 'response';
/** What both documents say of one thing, where it is, and how it travels. */
export type Place = {
  at: string;
  direction: Direction;
  old: Document;
  now: Document;
  seen: ReadonlySet<string>;
};

const LOWER_BOUNDS = ['minLength', 'minItems', 'minimum', 'exclusiveMinimum'];
const UPPER_BOUNDS = ['maxLength', 'maxItems', 'maximum', 'exclusiveMaximum'];

export const nodes = (value: unknown) => (value ?? {}) as Record<string, Node>;
export const list = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : []);

const resolved = (schema: JsonSchema, document: Document): JsonSchema => {
  const name = schema['$ref'];
  if (typeof name !== 'string') return schema;
  return resolved(document.components?.schemas?.[name.slice(SCHEMAS_URI.length)] ?? {}, document);
};

const alternativesOf = (schema: JsonSchema, document: Document): JsonSchema[] => {
  const found = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
  if (found) return found.flatMap((one) => alternativesOf(resolved(one, document), document));
  if (!Array.isArray(schema['type'])) return [schema];
  return (schema['type'] as string[]).map((type) => ({ ...schema, type }));
};

const valuesOf = (schema: JsonSchema): unknown[] | null =>
  'const' in schema
    ? [schema['const']]
    : Array.isArray(schema['enum'])
      ? (schema['enum'] as unknown[])
      : null;

/** What tells the variants of a union apart: `{ kind: 'user' }`. */
const variantOf = (schema: JsonSchema): string =>
  JSON.stringify(
    Object.entries(nodes(schema['properties'])).flatMap(([name, of]) =>
      'const' in of ? [[name, of['const']]] : [],
    ),
  );

const typeName = ({ type }: JsonSchema): string => (typeof type === 'string' ? type : 'anything');

const typeFits = (from: unknown, into: unknown) =>
  into === undefined || from === into || (from === 'integer' && into === 'number');

const boundBreaks = (before: JsonSchema, after: JsonSchema, at: string): string[] =>
  [
    ...LOWER_BOUNDS.filter((key) => Number(after[key] ?? -Infinity) > Number(before[key] ?? -Infinity)),
    ...UPPER_BOUNDS.filter((key) => Number(after[key] ?? Infinity) < Number(before[key] ?? Infinity)),
    ...['pattern', 'format'].filter((key) => after[key] !== undefined && after[key] !== before[key]),
  ].map((key) => `${at}: ${key} is narrower`);

const valueBreaks = (before: JsonSchema, after: JsonSchema, { at, direction }: Place): string[] => {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (!old || !now) return direction === 'request' && now ? [`${at}: takes certain values only`] : [];
  return old
    .filter((value) => !now.includes(value))
    .map((value) => `${at}: ${JSON.stringify(value)} was removed`);
};

const objectBreaks = (before: JsonSchema, after: JsonSchema, place: Place): string[] => {
  const [old, now] = [nodes(before['properties']), nodes(after['properties'])];
  const [promised, demanded] = [list(before['required']), list(after['required'])];
  const { at, direction } = place;
  const changed = Object.keys(old).flatMap((name) => {
    const property = now[name];
    if (property) return schemaBreaks(old[name] as JsonSchema, property, { ...place, at: `${at}/${name}` });
    // A request may go on sending what is not read any more, unless it is refused.
    const tolerated = direction === 'request' && after['additionalProperties'] !== false;
    return tolerated ? [] : [`${at}/${name}: was removed`];
  });
  const required =
    direction === 'request'
      ? demanded
          .filter((name) => !promised.includes(name))
          .map((name) => `${at}/${name as string}: is required now`)
      : promised
          .filter((name) => !demanded.includes(name) && (name as string) in now)
          .map((name) => `${at}/${name as string}: is not promised any more`);
  const [oldRest, nowRest] = [before['additionalProperties'], after['additionalProperties']];
  const closed = direction === 'request' && nowRest === false && oldRest !== false;
  const rest =
    typeof oldRest === 'object' && typeof nowRest === 'object'
      ? schemaBreaks(oldRest as JsonSchema, nowRest as JsonSchema, { ...place, at: `${at}/*` })
      : [];
  return [...changed, ...required, ...rest, ...(closed ? [`${at}: takes no other properties now`] : [])];
};

/** One alternative against one other. */
const plainBreaks = (before: JsonSchema, after: JsonSchema, place: Place): string[] => {
  const { at, direction } = place;
  const [from, into] = direction === 'request' ? [before, after] : [after, before];
  if (!typeFits(from['type'], into['type'])) return [`${at}: ${typeName(before)} became ${typeName(after)}`];
  const items = before['items'] && after['items'];
  return [
    ...(direction === 'request' ? boundBreaks(before, after, at) : []),
    ...valueBreaks(before, after, place),
    ...(before['properties'] || after['properties'] ? objectBreaks(before, after, place) : []),
    ...(items
      ? schemaBreaks(before['items'] as JsonSchema, after['items'] as JsonSchema, { ...place, at: `${at}/0` })
      : []),
  ];
};

const unionBreaks = (before: JsonSchema[], after: JsonSchema[], place: Place): string[] => {
  const request = place.direction === 'request';
  const [mustFit, into] = request ? [before, after] : [after, before];
  const breaksOf = (one: JsonSchema, other: JsonSchema) =>
    request ? plainBreaks(one, other, place) : plainBreaks(other, one, place);
  const misfits = mustFit.flatMap((one) => {
    const candidates = into.filter((other) => variantOf(other) === variantOf(one));
    // A new variant of a union is like a new value of an enumeration: who reads passes over it.
    if (!request && candidates.length === 0 && variantOf(one) !== '[]') return [];
    const found = (candidates.length > 0 ? candidates : into).map((other) => breaksOf(one, other));
    return found.sort((a, b) => a.length - b.length)[0] ?? [];
  });
  const gone = request
    ? []
    : before
        .filter(
          (one) => variantOf(one) !== '[]' && !after.some((other) => variantOf(other) === variantOf(one)),
        )
        .map((one) => `${place.at}: ${variantOf(one)} was removed`);
  return [...misfits, ...gone];
};

/** What an old program could trip over in the new schema of one thing. */
export const schemaBreaks = (oldSchema: JsonSchema, newSchema: JsonSchema, place: Place): string[] => {
  const pair = `${String(oldSchema['$ref'])} ${String(newSchema['$ref'])}`;
  const named = '$ref' in oldSchema || '$ref' in newSchema;
  if (named && place.seen.has(pair)) return [];
  const inside = named ? { ...place, seen: new Set([...place.seen, pair]) } : place;
  const before = alternativesOf(resolved(oldSchema, place.old), place.old);
  const after = alternativesOf(resolved(newSchema, place.now), place.now);
  const [one, other] = [before[0], after[0]];
  if (before.length === 1 && after.length === 1 && one && other) return plainBreaks(one, other, inside);
  return unionBreaks(before, after, inside);
};
