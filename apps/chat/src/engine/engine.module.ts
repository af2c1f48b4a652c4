import {
  Global,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Redis } from 'ioredis';
import { connectBus, ensureStreams, EventPublisher, OutboxRelay, type Bus } from '#bus';
import { Database, Outbox, PostgresOutboxStore } from '#db';
import {
  CONFIG,
  connectRedis,
  createRedis,
  Health,
  LOGGER,
  RevocationList,
  SpanKind,
  tracingEnabled,
  withSpan,
  type Logger,
} from '#platform';
import { SigningKey } from '../accounts/signing-key.js';
import type { ChatConfig } from '../config.js';
import { entities } from './entities.js';

export const BUS = Symbol('bus');
const STORAGE = Symbol('storage');
type Storage = { database: Database; relay: OutboxRelay };

/** The database and the relay that publishes what its transactions commit. */
const openStorage = async (config: ChatConfig, logger: Logger, bus: Bus): Promise<Storage> => {
  const database = new Database({
    ...config.postgres,
    name: 'chat',
    entities,
    onCommitted: (rows) => relay.enqueue(rows),
    ...(tracingEnabled()
      ? { around: (statement, run) => withSpan(`sql ${statement}`, SpanKind.CLIENT, null, run) }
      : {}),
  });
  const relay = new OutboxRelay(new PostgresOutboxStore(database), new EventPublisher(bus.nats), logger);
  await database.open();
  return { database, relay };
};

const openBus = async (config: ChatConfig): Promise<Bus> => {
  const bus = await connectBus(config.nats.url, 'chat');
  await ensureStreams(bus.jsm, config.nats);
  return bus;
};

const openRedis = async (config: ChatConfig, logger: Logger): Promise<Redis> => {
  const redis = createRedis(config.redis.url, logger);
  await connectRedis(redis);
  return redis;
};

/** Connections to the engines: opened before the first request, closed after the last. */
@Global()
@Module({
  providers: [
    { provide: BUS, inject: [CONFIG], useFactory: openBus },
    { provide: Redis, inject: [CONFIG, LOGGER], useFactory: openRedis },
    { provide: STORAGE, inject: [CONFIG, LOGGER, BUS], useFactory: openStorage },
    { provide: Database, inject: [STORAGE], useFactory: (storage: Storage) => storage.database },
    { provide: OutboxRelay, inject: [STORAGE], useFactory: (storage: Storage) => storage.relay },
    {
      provide: Outbox,
      inject: [CONFIG],
      useFactory: (config: ChatConfig) => new Outbox(config.nats.partitions),
    },
    {
      provide: SigningKey,
      inject: [CONFIG],
      useFactory: (config: ChatConfig) => SigningKey.fromPem(config.auth.signingKey),
    },
    RevocationList,
  ],
  exports: [BUS, Redis, Database, OutboxRelay, Outbox, SigningKey, RevocationList],
})
export class EngineModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(BUS) private readonly bus: Bus,
    private readonly redis: Redis,
    private readonly database: Database,
    private readonly relay: OutboxRelay,
    private readonly revocations: RevocationList,
    private readonly health: Health,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.health.add('postgres', () => this.database.ping());
    this.health.add('nats', () => this.bus.nats.rtt(), { required: false });
    this.health.add('redis', () => this.redis.ping(), { required: false });
    await this.revocations.follow(this.bus.nats, this.redis, this.logger);
    this.relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.relay.stop();
    await this.bus.nats.drain().catch(() => undefined);
    this.redis.disconnect();
    await this.database.close();
  }
}
