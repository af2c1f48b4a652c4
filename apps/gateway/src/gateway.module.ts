import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Redis } from 'ioredis';
import { connectBus, RpcClient } from '#bus';
import {
  AccessTokenVerifier,
  CONFIG,
  connectRedis,
  createRedis,
  Health,
  LOGGER,
  remoteAccessTokens,
  remoteKeys,
  RevocationList,
  TokenVerifier,
  type Logger,
} from '#platform';
import { keysFromAny } from './access/signing-keys.js';
import type { GatewayConfig } from './config.js';
import { EdgeMetrics } from './edge-metrics.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { Settlement } from './limits/settlement.js';
import { FrontDoor } from './proxy/front-door.js';
import { RouteTable } from './proxy/route-table.js';
import { Streams } from './streams/streams.js';
import { cachedLookup } from './upstreams/address.js';
import { Balancer } from './upstreams/balancer.js';
import { checkUpstreams } from './upstreams/liveness.js';
import { Upstream } from './upstreams/upstream.js';

const REDIS = Symbol('redis');
const NATS = Symbol('nats');

/** What the door is made of, and what must be closed after it. */
class Edge {
  constructor(
    readonly door: FrontDoor,
    readonly upstreams: readonly Upstream[],
    readonly settlement: Settlement,
  ) {}
}

const buildEdge = (
  config: GatewayConfig,
  logger: Logger,
  health: Health,
  redis: Redis,
  revoked: RevocationList,
  nats: NatsConnection,
): Edge => {
  const lookup = cachedLookup();
  const balancer = (bases: readonly string[]) =>
    new Balancer(bases.map((base) => new Upstream(base, lookup)));
  const { chat, notify, analytics } = config.upstreams;
  const balancers = { chat: balancer(chat), notify: balancer(notify), analytics: balancer(analytics) };
  const upstreams = Object.values(balancers).flatMap(({ upstreams: list }) => list);
  const metrics = new EdgeMetrics();
  metrics.watch(upstreams);
  const { requestsPerMinute, guessesPerMinute } = config.limits;
  const now = () => performance.now();
  const limits = {
    requests: new RateLimiter('requests', requestsPerMinute, now),
    guesses: new RateLimiter('guesses', guessesPerMinute, now),
  };
  checkUpstreams(health, config.upstreams);
  health.add('redis', () => redis.ping(), { required: false });
  const rpc = new RpcClient(nats);
  const personal = new AccessTokenVerifier(remoteAccessTokens((subject, body) => rpc.request(subject, body)));
  const door = new FrontDoor({
    table: new RouteTable(),
    balancers,
    streams: new Streams(balancers.notify, metrics, logger, config.streams),
    verifier: new TokenVerifier(keysFromAny(chat.map(remoteKeys)), revoked, personal),
    limits,
    metrics,
    logger,
    settings: { publicOrigin: new URL(config.publicUrl).origin, trustedHops: config.trustedHops },
  });
  const enabled = Object.values(limits).filter((limiter) => limiter.enabled);
  return new Edge(door, upstreams, new Settlement(redis, enabled, logger));
};

@Module({
  providers: [
    {
      provide: REDIS,
      inject: [CONFIG, LOGGER],
      useFactory: async (config: GatewayConfig, logger: Logger) => {
        const redis = createRedis(config.redis.url, logger);
        await connectRedis(redis);
        return redis;
      },
    },
    {
      provide: NATS,
      inject: [CONFIG],
      useFactory: async (config: GatewayConfig) => (await connectBus(config.nats.url, 'gateway')).nats,
    },
    {
      provide: RevocationList,
      inject: [NATS, REDIS, LOGGER],
      useFactory: async (nats: NatsConnection, redis: Redis, logger: Logger) => {
        const list = new RevocationList();
        await list.follow(nats, redis, logger);
        return list;
      },
    },
    { provide: Edge, inject: [CONFIG, LOGGER, Health, REDIS, RevocationList, NATS], useFactory: buildEdge },
    { provide: FrontDoor, inject: [Edge], useFactory: ({ door }: Edge) => door },
  ],
})
export class GatewayModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(Edge) private readonly edge: Edge,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(NATS) private readonly nats: NatsConnection,
  ) {
    edge.settlement.start();
  }

  /** Nest closes the listener next, which waits for replies under way but knows nothing of streams. */
  beforeApplicationShutdown(): void {
    this.edge.door.drain();
  }

  async onApplicationShutdown(): Promise<void> {
    this.edge.settlement.stop();
    await this.edge.settlement.settle();
    for (const upstream of this.edge.upstreams) upstream.close();
    this.redis.disconnect();
    await this.nats.close();
  }
}
