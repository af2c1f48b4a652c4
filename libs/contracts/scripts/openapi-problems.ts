import { problems, takesIdempotencyKey, scopeOf, type ProblemCode, type Route } from '../src/index.js';
import { exampleId, exampleTraceId } from './example-ids.js';
import { SCHEMAS_URI } from './json-schemas.js';

const problemSchema = { $ref: `${SCHEMAS_URI}Problem` };

/** What any route can answer with, besides the codes it lists. */
export const commonErrors = (route: Route): ProblemCode[] => [
  ...(route.body || route.consumes
    ? (['request.malformed', 'request.too_large', 'request.unsupported_media_type'] as const)
    : []),
  ...(route.body || route.consumes || route.query || route.params ? (['request.invalid'] as const) : []),
  ...(route.auth === false
    ? []
    : ([
        'auth.unauthenticated',
        'auth.token_invalid',
        'auth.token_expired',
        'auth.session_revoked',
        scopeOf(route) === null ? 'auth.session_required' : 'permission.scope_missing',
      ] as const)),
  ...(route.method === 'GET' ? [] : (['auth.origin_forbidden'] as const)),
  ...(takesIdempotencyKey(route) ? (['request.key_reused', 'request.in_progress'] as const) : []),
  'rate_limited',
  'overloaded',
  'unavailable',
  'internal',
];

/** Members of a problem beyond those each has. */
const problemDetails: Partial<Record<ProblemCode, object>> = {
  'permission.scope_missing': { scope: 'messages:write' },
  'auth.two_factor_required': { challenge: 'hQ0mYt2nX5vB8rK1cJ4wZ7sD6gF9pL3aE0uI5oN2xT8' },
  'channel.direct_exists': { channelId: exampleId('Channel') },
  'request.invalid': {
    errors: [{ pointer: '/name', detail: 'Too big: expected string to have <=80 characters' }],
  },
};

/** What a client gets with this code. */
export const problemExample = (code: ProblemCode) => ({
  type: `urn:parley:problem:${code}`,
  ...problems[code],
  code,
  traceId: exampleTraceId,
  ...problemDetails[code],
});

const problemResponse = (status: number, codes: ProblemCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('. ') + '.',
  ...(status === 429 || status === 503
    ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
    : {}),
  content: {
    'application/problem+json': {
      schema: { allOf: [problemSchema, { type: 'object', properties: { code: { enum: codes } } }] },
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});

/** Every error reply of a route, by status. */
export const problemResponses = (route: Route) => {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...route.errors, ...commonErrors(route)])) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const ascending = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(ascending.map(([status, codes]) => [status, problemResponse(status, codes)]));
};
