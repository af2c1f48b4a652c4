import type { IncomingMessage, ServerResponse } from 'node:http';
import { accessTokenOf, DomainError, problemCodeOf, type Logger, type Principal } from '#platform';
import { clientAddress, limitedNetwork, type ClientAddress } from '../access/client-address.js';
import { mayCarryCookies } from '../access/origin.js';
import type { EdgeMetrics } from '../edge-metrics.js';
import type { RateLimiter } from '../limits/rate-limiter.js';
import type { Streams } from '../streams/streams.js';
import type { Balancer } from '../upstreams/balancer.js';
import { Exchange } from './exchange.js';
import type { Forwarding } from './headers.js';
import type { EdgeRoute, RouteTable, Service } from './route-table.js';
import { Visit } from './visit.js';

export type DoorParts = {
  table: RouteTable;
  balancers: Readonly<Record<Service, Balancer>>;
  streams: Streams;
  verifier: { verify(token: string): Principal | Promise<Principal> };
  limits: { requests: RateLimiter; guesses: RateLimiter };
  metrics: EdgeMetrics;
  logger: Logger;
  settings: { publicOrigin: string; trustedHops: number };
};

/**
 * Every API request comes through here, before and without Nest: route → origin → identity → rate limit →
 * upstream. It writes on raw request and response, because this is the hot path of all services.
 */
export class FrontDoor {
  private readonly house: { metrics: EdgeMetrics; draining: boolean };

  constructor(private readonly parts: DoorParts) {
    this.house = { metrics: parts.metrics, draining: false };
  }

  /** Connections close after their reply from now on; streams close at once. */
  drain(): void {
    this.house.draining = true;
    this.parts.streams.drain();
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { table, settings, limits } = this.parts;
    const route = table.find(request.method ?? 'GET', request.url ?? '/');
    const visit = new Visit(request, response, route, this.house);
    if (!route) {
      visit.refuse('route.not_found');
      return;
    }
    const { headers, socket } = request;
    const client = clientAddress(socket.remoteAddress, headers['x-forwarded-for'], settings.trustedHops);
    if (route.guessable && !this.admit(visit, limits.guesses, limitedNetwork(client.ip))) return;
    if (!mayCarryCookies(request, route.opensSession, settings.publicOrigin)) {
      visit.refuse('auth.origin_forbidden');
      return;
    }
    if (route.anonymous || (route.ticket && bringsTicket(request.url))) {
      if (this.admit(visit, limits.requests, ipKey(client))) this.forward(visit, route, client);
      return;
    }
    this.identify(visit, route, client);
  };

  private identify(visit: Visit, route: EdgeRoute, client: ClientAddress): void {
    const token = accessTokenOf(visit.request.headers);
    if (token === null) {
      this.turnAway(visit, client, new DomainError('auth.unauthenticated'));
      return;
    }
    let principal: Principal | Promise<Principal>;
    try {
      principal = this.parts.verifier.verify(token);
    } catch (error) {
      this.turnAway(visit, client, error);
      return;
    }
    if (principal instanceof Promise) {
      principal.then(
        (verified) => this.welcome(visit, route, client, verified),
        (error: unknown) => this.turnAway(visit, client, error),
      );
    } else {
      this.welcome(visit, route, client, principal);
    }
  }

  private welcome(visit: Visit, route: EdgeRoute, client: ClientAddress, principal: Principal): void {
    if (visit.over) return;
    if (this.admit(visit, this.parts.limits.requests, `u:${principal.userId}`))
      this.forward(visit, route, client);
  }

  /** Those without a valid token share the bucket of their address, or guessing tokens would be free. */
  private turnAway(visit: Visit, client: ClientAddress, error: unknown): void {
    if (visit.over || !this.admit(visit, this.parts.limits.requests, ipKey(client))) return;
    const code = problemCodeOf(error);
    if (code === 'internal')
      this.parts.logger.error({ requestId: visit.requestId, err: error }, 'a token could not be verified');
    visit.refuse(code, code === 'unavailable' ? 1 : undefined);
  }

  private admit(visit: Visit, limiter: RateLimiter, key: string): boolean {
    if (!limiter.enabled) return true;
    const verdict = limiter.take(key);
    visit.setRateLimit(verdict);
    if (verdict.allowed) return true;
    this.parts.metrics.limited(limiter.name);
    visit.refuse('rate_limited', verdict.retryAfterSeconds);
    return false;
  }

  private forward(visit: Visit, route: EdgeRoute, client: ClientAddress): void {
    const { balancers, streams, settings, logger } = this.parts;
    const { headers } = visit.request;
    const behindProxy = settings.trustedHops > 0;
    const forwarding: Forwarding = {
      for: client.forwardedFor,
      proto: (behindProxy && protoOf(headers['x-forwarded-proto'])) || 'http',
      host: (behindProxy && firstOf(headers['x-forwarded-host'])) || headers.host || '',
      requestId: visit.requestId,
      traceparent: visit.traceparent,
    };
    if (route.stream) streams.start(visit, forwarding);
    else new Exchange(visit, route, balancers[route.service], forwarding, logger).start();
  }
}

const bringsTicket = (target = ''): boolean => /[?&]ticket=/.test(target);
const ipKey = ({ ip }: ClientAddress): string => `ip:${limitedNetwork(ip)}`;
const firstOf = (value: string | string[] | undefined): string =>
  String(value ?? '')
    .split(',')[0]
    ?.trim() ?? '';
const protoOf = (value: string | string[] | undefined): string => {
  const proto = firstOf(value).toLowerCase();
  return proto === 'https' || proto === 'http' ? proto : '';
};
