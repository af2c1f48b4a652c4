import type { z } from 'zod';
import {
  API_PREFIX,
  problems,
  routes,
  type OperationId,
  type ProblemCode,
  type Route,
} from '../src/index.js';
import { examples } from './examples.js';
import { jsonSchemas, referenced, SCHEMAS_URI, type JsonSchema } from './json-schemas.js';

const operations = Object.entries(routes) as [OperationId, Route][];

const tags: Record<string, string> = {
  auth: 'Accounts, sessions and tokens',
  account: 'The authenticated person and their sessions',
  workspaces: 'Workspaces, their members and invites',
  channels: 'Channels and direct conversations',
  messages: 'Messages, ordered by `seq` within their channel',
  search: 'Full-text search over messages one may see',
  events: 'The live event stream',
  analytics: 'Reports',
};

const problemSchema = { $ref: `${SCHEMAS_URI}Problem` };

/** What any route can answer with, besides the codes it lists. */
export const commonErrors = (route: Route): ProblemCode[] => [
  ...(route.body
    ? (['request.malformed', 'request.too_large', 'request.unsupported_media_type'] as const)
    : []),
  ...(route.body || route.query || route.params ? (['request.invalid'] as const) : []),
  ...(route.auth === false
    ? []
    : ([
        'auth.unauthenticated',
        'auth.token_invalid',
        'auth.token_expired',
        'auth.session_revoked',
      ] as const)),
  ...(route.method === 'GET' ? [] : (['auth.origin_forbidden'] as const)),
  'rate_limited',
  'overloaded',
  'unavailable',
  'internal',
];

const problemResponse = (status: number, codes: ProblemCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('. ') + '.',
  ...(status === 429 || status === 503
    ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
    : {}),
  content: {
    'application/problem+json': {
      schema: { allOf: [problemSchema, { type: 'object', properties: { code: { enum: codes } } }] },
      example: {
        type: `urn:parley:problem:${codes[0]}`,
        title: problems[codes[0] as ProblemCode].title,
        status,
        code: codes[0],
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      },
    },
  },
});

const problemResponses = (route: Route) => {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...route.errors, ...commonErrors(route)])) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const ascending = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(ascending.map(([status, codes]) => [status, problemResponse(status, codes)]));
};

const followed = (schema: JsonSchema | undefined, schemas: Record<string, JsonSchema>) =>
  typeof schema?.['$ref'] === 'string' ? schemas[schema['$ref'].slice(SCHEMAS_URI.length)] : schema;

const parameters = (location: 'path' | 'query', id: string, schemas: Record<string, JsonSchema>) => {
  const schema = followed(schemas[id], schemas);
  const required = (schema?.['required'] ?? []) as string[];
  return Object.entries((schema?.['properties'] ?? {}) as Record<string, JsonSchema>).map(([name, of]) => ({
    name,
    in: location,
    required: location === 'path' || required.includes(name),
    schema: of,
  }));
};

const lastEventId = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: 'Continue after this cursor; wins over `after`.',
  schema: { $ref: `${SCHEMAS_URI}StreamCursor` },
};

const streamContent = {
  'text/event-stream': {
    schema: {
      type: 'string',
      description:
        'Frames of `id: <epoch>-<seq>`, `event: <type>` and `data: <event JSON>`. The first is `stream.ready`; `stream.resync` tells to fetch the state again. A comment every 20 s keeps the connection alive.',
    },
  },
};

const success = (id: OperationId, route: Route, schema: JsonSchema | undefined) => {
  const json = (description: string) => ({
    description,
    content: {
      'application/json': { schema, ...(examples[id]?.response ? { example: examples[id].response } : {}) },
    },
  });
  if (route.stream) return { [route.status]: { description: 'The stream', content: streamContent } };
  if (!schema) return { [route.status]: { description: 'Done' } };
  return {
    // Sending again what was sent is no error: the first message comes back.
    ...(id === 'sendMessage' ? { 200: json('The message sent before with this `clientMessageId`') } : {}),
    [route.status]: json(route.status === 201 ? 'Created' : 'OK'),
  };
};

const operation = (id: OperationId, route: Route, schemas: Record<string, JsonSchema>) => {
  const all = [
    ...parameters('path', `${id}.params`, schemas),
    ...parameters('query', `${id}.query`, schemas),
    ...(route.stream ? [lastEventId] : []),
  ];
  return {
    operationId: id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.auth === false ? { security: [] } : {}),
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: schemas[`${id}.body`],
                ...(examples[id]?.body ? { example: examples[id].body } : {}),
              },
            },
          },
        }
      : {}),
    responses: { ...success(id, route, schemas[`${id}.response`]), ...problemResponses(route) },
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

/** `/channels/:channelId` → `/channels/{channelId}` */
export const openApiPath = (path: string) => path.replace(/:(\w+)/g, '{$1}');

export const openApiDocument = (version: string) => {
  const schemas = routeSchemas();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, route] of operations) {
    const path = (paths[openApiPath(route.path)] ??= {});
    path[route.method.toLowerCase()] = operation(id, route, schemas);
  }
  const used = [...referenced(paths, schemas)].sort();
  return {
    openapi: '3.1.1',
    info: {
      title: 'Parley',
      version,
      description: 'The HTTP API of Parley. Errors are RFC 9457 problems with stable codes.',
      license: { name: 'AGPL-3.0-only', identifier: 'AGPL-3.0-only' },
    },
    servers: [{ url: API_PREFIX, description: 'This instance' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: Object.fromEntries(used.map((name) => [name, schemas[name]])),
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
      },
    },
  };
};
