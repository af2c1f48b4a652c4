import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { connectBus, ensureStreams, RpcClient, type Bus } from '#bus';
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
import type { AnalyticsConfig } from '../config.js';
import { ClickHouse } from './clickhouse.js';

export const BUS = Symbol('bus');
const REDIS = Symbol('redis');

const bus = {
  provide: BUS,
  inject: [CONFIG],
  useFactory: async ({ nats }: AnalyticsConfig): Promise<Bus> => {
    const connected = await connectBus(nats.url, 'analytics');
    await ensureStreams(connected.jsm, nats);
    return connected;
  },
};
const redis = {
  provide: REDIS,
  inject: [CONFIG, LOGGER],
  useFactory: async (config: AnalyticsConfig, logger: Logger): Promise<Redis> => {
    const client = createRedis(config.redis.url, logger);
    await connectRedis(client);
    return client;
  },
};
const verifier = {
  provide: TokenVerifier,
  inject: [CONFIG, LOGGER, BUS, REDIS],
  useFactory: async (config: AnalyticsConfig, logger: Logger, { nats }: Bus, client: Redis) => {
    const revocations = new RevocationList();
    await revocations.follow(nats, client, logger);
    const questions = new RpcClient(nats);
    const personal = new AccessTokenVerifier(
      remoteAccessTokens((subject, body) => questions.request(subject, body)),
    );
    return new TokenVerifier(remoteKeys(config.chatUrl), revocations, personal);
  },
};
const rpc = { provide: RpcClient, inject: [BUS], useFactory: ({ nats }: Bus) => new RpcClient(nats) };
const clickhouse = {
  provide: ClickHouse,
  inject: [CONFIG],
  useFactory: (config: AnalyticsConfig) => new ClickHouse(config.clickhouse),
};

/** Connections of the process, and what needs nothing else. Closed after the consumers have drained. */
@Global()
@Module({
  providers: [bus, redis, verifier, rpc, clickhouse],
  exports: [BUS, TokenVerifier, RpcClient, ClickHouse],
})
export class EngineModule implements OnApplicationShutdown {
  constructor(
    @Inject(BUS) private readonly connected: Bus,
    @Inject(REDIS) private readonly client: Redis,
    private readonly store: ClickHouse,
    health: Health,
  ) {
    health.add('nats', () => connected.nats.flush());
    health.add('redis', () => client.ping(), { required: false });
  }

  async onApplicationShutdown(): Promise<void> {
    this.client.disconnect();
    await this.store.close();
    await this.connected.nats.drain().catch(() => undefined);
  }
}
