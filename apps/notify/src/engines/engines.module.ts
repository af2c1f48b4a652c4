import { Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { connectBus, ensureStreams, RpcClient, type Bus } from '#bus';
import { Database, Outbox } from '#db';
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
import type { NotifyConfig } from '../config.js';
import { Storage } from './storage.js';
import { BUS, REDIS } from './tokens.js';

const CHAT_TIMEOUT_MS = 1500;

const reachChat = async (url: string): Promise<void> => {
  const reply = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(CHAT_TIMEOUT_MS) });
  await reply.body?.cancel();
  if (!reply.ok) throw new Error(`answered ${reply.status}`);
};

const providers = [
  {
    provide: BUS,
    inject: [CONFIG, Health],
    useFactory: async (config: NotifyConfig, health: Health): Promise<Bus> => {
      const bus = await connectBus(config.nats.url, 'notify');
      await ensureStreams(bus.jsm, config.nats);
      health.add('nats', () => bus.nats.flush());
      return bus;
    },
  },
  {
    provide: REDIS,
    inject: [CONFIG, LOGGER, Health],
    useFactory: async (config: NotifyConfig, logger: Logger, health: Health): Promise<Redis> => {
      const redis = createRedis(config.redis.url, logger);
      await connectRedis(redis);
      // Streams live on without these two; new sessions' revocations and keys come from them.
      health.add('redis', () => redis.ping(), { required: false });
      health.add('chat', () => reachChat(config.chatUrl), { required: false });
      return redis;
    },
  },
  {
    provide: RevocationList,
    inject: [BUS, REDIS, LOGGER],
    useFactory: async (bus: Bus, redis: Redis, logger: Logger): Promise<RevocationList> => {
      const revocations = new RevocationList();
      await revocations.follow(bus.nats, redis, logger);
      return revocations;
    },
  },
  {
    provide: TokenVerifier,
    inject: [CONFIG, RevocationList, BUS],
    useFactory: (config: NotifyConfig, revocations: RevocationList, bus: Bus) => {
      const rpc = new RpcClient(bus.nats);
      const personal = new AccessTokenVerifier(
        remoteAccessTokens((subject, body) => rpc.request(subject, body)),
      );
      return new TokenVerifier(remoteKeys(config.chatUrl), revocations, personal);
    },
  },
  {
    provide: Storage,
    inject: [CONFIG, LOGGER, BUS, Health],
    useFactory: (config: NotifyConfig, logger: Logger, bus: Bus, health: Health): Storage => {
      const storage = new Storage(config, logger, bus);
      health.add('postgres', () => storage.database.ping(), { required: false });
      return storage;
    },
  },
  { provide: Database, inject: [Storage], useFactory: (storage: Storage) => storage.database },
  {
    provide: Outbox,
    inject: [CONFIG],
    useFactory: (config: NotifyConfig) => new Outbox(config.nats.partitions, 'notify'),
  },
];

/** Connections of this process, and who it believes. Closed last. */
@Module({ providers, exports: [BUS, REDIS, TokenVerifier, RevocationList, Storage, Database, Outbox] })
export class EnginesModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(REDIS) private readonly redis: Redis,
    private readonly storage: Storage,
  ) {}

  onApplicationBootstrap(): void {
    void this.storage.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.storage.close();
    this.redis.disconnect();
    await this.bus.nats.close();
  }
}
