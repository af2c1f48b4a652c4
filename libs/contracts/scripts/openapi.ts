import { z } from 'zod';
import {
  API_PREFIX,
  problemCodes,
  problems,
  routes,
  takesIdempotencyKey,
  tags,
  type OperationId,
  type ProblemCode,
  type Route,
} from '../src/index.js';
import { exampleOf } from './example-of.js';
import { examples } from './examples.js';
import { jsonSchemas, referenced, SCHEMAS_URI, type JsonSchema } from './json-schemas.js';
import { problemExample, problemResponses } from './openapi-problems.js';

const operations = Object.entries(routes) as [OperationId, Route][];

const followed = (schema: JsonSchema | undefined, schemas: Record<string, JsonSchema>) =>
  typeof schema?.['$ref'] === 'string' ? schemas[schema['$ref'].slice(SCHEMAS_URI.length)] : schema;

const accepts = (schema: z.ZodType | undefined) => (value: unknown) =>
  schema?.safeParse(value).success ?? true;

/** What was written by hand, or else made of the schema; absent when neither is to be had. */
const example = (value: unknown) => (value === undefined ? {} : { example: value });

const parameters = (
  location: 'path' | 'query',
  id: OperationId,
  zod: z.ZodType | undefined,
  schemas: Record<string, JsonSchema>,
) => {
  const kind = location === 'path' ? 'params' : 'query';
  const schema = followed(schemas[`${id}.${kind}`], schemas);
  const required = (schema?.['required'] ?? []) as string[];
  const shape = zod instanceof z.ZodObject ? (zod.shape as Record<string, z.ZodType>) : {};
  return Object.entries((schema?.['properties'] ?? {}) as Record<string, JsonSchema>).map(([name, of]) => ({
    name,
    in: location,
    required: location === 'path' || required.includes(name),
    schema: of,
    ...example(examples[id]?.[kind]?.[name] ?? exampleOf(of, schemas, accepts(shape[name]), name)),
  }));
};

const lastEventId = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'Continue after this cursor; wins over `after`.',
  schema: { $ref: `${SCHEMAS_URI}StreamCursor` },
  example: 'm3k9-42',
};

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Repeating the request with the same key within a day gives the first reply again (with `Idempotency-Replayed: true`) and does nothing twice.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  example: '5f0c6a3e-8d5b-4a53-9a35-1f7b8f3d2c11',
};

const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The `ETag` one has seen: `412 precondition.failed` when it is another one by now.',
  schema: { type: 'string' },
  example: '"3"',
};

const streamContent = (id: OperationId) => ({
  'text/event-stream': {
    schema: {
      type: 'string',
      description:
        'Frames of `id: <epoch>-<seq>`, `event: <type>` and `data: <event JSON>`. The first is `stream.ready`; `stream.resync` tells to fetch the state again, `stream.position` how far a filtered stream has come. A comment every 20 s keeps the connection alive.',
    },
    ...example(examples[id]?.response),
  },
});

/** Bytes as they are: OpenAPI 3.1 has no schema for them. */
const bytesAs = (types: readonly string[]) => Object.fromEntries(types.map((type) => [type, {}]));

const success = (id: OperationId, route: Route, schemas: Record<string, JsonSchema>) => {
  const schema = schemas[`${id}.response`];
  if (route.stream) return { [route.status]: { description: 'The stream', content: streamContent(id) } };
  if (route.produces)
    return { [route.status]: { description: 'The bytes', content: bytesAs(route.produces) } };
  if (!schema) return { [route.status]: { description: 'Done' } };
  const shown = examples[id]?.response ?? exampleOf(schema, schemas, accepts(route.response));
  const json = (description: string) => ({
    description,
    content: { 'application/json': { schema, ...example(shown) } },
  });
  return {
    // Sending again what was sent is no error: the first message comes back.
    ...(id === 'sendMessage' ? { 200: json('The message sent before with this `clientMessageId`') } : {}),
    [route.status]: json(route.status === 201 ? 'Created' : 'OK'),
  };
};

const requestBody = (id: OperationId, route: Route, schemas: Record<string, JsonSchema>) => {
  const schema = schemas[`${id}.body`] ?? {};
  const shown = examples[id]?.body ?? (route.body && exampleOf(schema, schemas, accepts(route.body)));
  const media = { schema, ...example(shown) };
  const content = Object.fromEntries((route.consumes ?? ['application/json']).map((type) => [type, media]));
  return { requestBody: { required: true, content } };
};

const operation = (id: OperationId, route: Route, schemas: Record<string, JsonSchema>) => {
  const all = [
    ...parameters('path', id, route.params, schemas),
    ...parameters('query', id, route.query, schemas),
    ...(route.stream ? [lastEventId] : []),
    ...(route.errors.includes('precondition.failed') ? [ifMatch] : []),
    ...(takesIdempotencyKey(route) ? [idempotencyKey] : []),
  ];
  return {
    operationId: id,
    tags: [route.tag],
    summary: route.summary,
    'x-parley-access': route.access,
    ...(route.auth === false ? { security: [] } : {}),
    ...(route.ticket ? { security: [{ bearer: [] }, { cookie: [] }, { ticket: [] }] } : {}),
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(route.body || route.consumes ? requestBody(id, route, schemas) : {}),
    responses: { ...success(id, route, schemas), ...problemResponses(route) },
  };
};

const routeSchemas = () => {
  const extra: Record<string, z.ZodType> = {};
  for (const [id, route] of operations) {
    if (route.params) extra[`${id}.params`] = route.params;
    if (route.query) extra[`${id}.query`] = route.query;
    if (route.body) extra[`${id}.body`] = route.body;
    if (route.response) extra[`${id}.response`] = route.response;
  }
  return jsonSchemas(extra);
};

/** The codes that operations refer to, and the rest. */
const problemCodesIn = (paths: object): [ProblemCode[], ProblemCode[]] => {
  const text = JSON.stringify(paths);
  const isGiven = (code: ProblemCode) => text.includes(`#/components/examples/${code}"`);
  return [problemCodes.filter(isGiven), problemCodes.filter((code) => !isGiven(code))];
};

/** `/channels/:channelId` → `/channels/{channelId}` */
export const openApiPath = (path: string) => path.replace(/:(\w+)/g, '{$1}');

export const openApiDocument = (version: string) => {
  for (const [id, { tag }] of operations)
    if (!(tag in tags)) throw new Error(`${id} has the tag ${tag}, which libs/contracts/src/tags.ts lacks`);
  const schemas = routeSchemas();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, route] of operations) {
    const path = (paths[openApiPath(route.path)] ??= {});
    path[route.method.toLowerCase()] = operation(id, route, schemas);
  }
  const used = [...referenced(paths, schemas)].sort();
  const [given, others] = problemCodesIn(paths);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Parley',
      version,
      description: 'The HTTP API of Parley. Errors are RFC 9457 problems with stable codes.',
      license: { name: 'AGPL-3.0-only', identifier: 'AGPL-3.0-only' },
    },
    servers: [{ url: API_PREFIX, description: 'This instance' }],
    tags: Object.entries(tags).map(([name, { description }]) => ({ name, description })),
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    /** Those that no operation gives: a path that is none, for example. */
    'x-parley-other-problems': others.map(problemExample),
    components: {
      schemas: Object.fromEntries(used.map((name) => [name, schemas[name]])),
      examples: Object.fromEntries(
        given.map((code) => [code, { summary: problems[code].title, value: problemExample(code) }]),
      ),
      headers: {
        'Retry-After': {
          description: 'Seconds to wait before trying again',
          schema: { type: 'integer', minimum: 0 },
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'For programs' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'parley_access',
          description: 'For browsers; httpOnly',
        },
        ticket: {
          type: 'apiKey',
          in: 'query',
          name: 'ticket',
          description: 'For event streams of clients that can set neither cookie nor header; works once',
        },
      },
    },
  };
};
