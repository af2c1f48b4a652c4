import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { API_PREFIX, IdempotencyKey, routes, takesIdempotencyKey, type Route, type UserId } from '#contracts';
import { accessTokenOf, DomainError, type TokenVerifier } from '#platform';
import { fingerprintOf, judge } from './idempotency.js';
import type { IdempotencyStore } from './idempotency.store.js';

type Held = { userId: UserId; key: string; fingerprint: string };

const paths = new Set(
  Object.values<Route>(routes)
    .filter(takesIdempotencyKey)
    .map((route) => API_PREFIX + route.path),
);

const keyOf = (request: FastifyRequest): string | null => {
  const header = request.headers['idempotency-key'];
  if (header === undefined || request.method !== 'POST' || !paths.has(request.routeOptions.url ?? ''))
    return null;
  const key = IdempotencyKey.safeParse(header);
  if (key.success) return key.data;
  throw new DomainError('request.invalid', {
    errors: [{ pointer: '/headers/idempotency-key', detail: 'expects 1 to 255 visible ASCII characters' }],
  });
};

/**
 * Honours `Idempotency-Key`. Only requests that carry one pay for it. Failures are not kept, so that they
 * can be tried again.
 */
export const addIdempotency = (
  fastify: FastifyInstance,
  verifier: TokenVerifier,
  store: IdempotencyStore,
): void => {
  const held = new WeakMap<FastifyRequest, Held>();

  const begin = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const key = keyOf(request);
    const token = key === null ? null : accessTokenOf(request.headers);
    // Whoever is nobody is refused by the guard.
    if (key === null || token === null) return undefined;
    const { userId } = await verifier.verify(token);
    const fingerprint = fingerprintOf(request.method, request.url, request.body);
    const kept = await store.begin(userId, key, fingerprint);
    if (kept === null) {
      held.set(request, { userId, key, fingerprint });
      return undefined;
    }
    const verdict = judge(kept, fingerprint);
    if (verdict === 'reused') throw new DomainError('request.key_reused');
    if (verdict === 'wait' || !kept.reply) throw new DomainError('request.in_progress', { retryAfter: 1 });
    const { status, type, body } = kept.reply;
    return reply.code(status).header('content-type', type).header('idempotency-replayed', 'true').send(body);
  };

  fastify.addHook('preHandler', begin);
  fastify.addHook('onSend', async (request, reply, payload) => {
    const { userId, key, fingerprint } = held.get(request) ?? {};
    if (!userId || !key || !fingerprint) return payload;
    const body = payload === undefined || payload === null ? '' : payload;
    const type = String(reply.getHeader('content-type') ?? 'application/json; charset=utf-8');
    if (reply.statusCode < 300 && typeof body === 'string')
      await store
        .keep(userId, key, fingerprint, { status: reply.statusCode, type, body })
        .catch(() => undefined);
    else await store.release(userId, key).catch(() => undefined);
    return payload;
  });
};
