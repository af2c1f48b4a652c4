import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connectBus, EventPublisher, outbound, type Bus } from '#bus';
import {
  rpcSubjects,
  type IntrospectReply,
  type IntrospectRequest,
  type Membership,
  type ParleyEvent,
} from '#contracts';
import {
  accessTokenHash,
  createApplication,
  createLogger,
  Health,
  loadConfig,
  newAccessToken,
} from '#platform';
import {
  startClickHouse,
  startNats,
  startRedis,
  testKeys,
  type EngineProcess,
  type TestClickHouse,
  type TestKeys,
} from '#testing';
import { AnalyticsConfig } from '../src/config.js';
import { ClickHouse } from '../src/engine/clickhouse.js';
import { analytics } from '../src/service.js';
import { startFlakyProxy, type FlakyProxy } from './flaky-proxy.js';

/** What analytics needs around it; chat is played by its keys and its RPC. */
export class World {
  readonly memberships = new Map<string, Membership>();
  private readonly tokens = new Map<string, IntrospectReply['token']>();
  chatFails = false;

  private constructor(
    readonly nats: EngineProcess,
    readonly redis: EngineProcess,
    readonly database: TestClickHouse,
    readonly proxy: FlakyProxy,
    readonly keys: TestKeys,
    readonly bus: Bus,
    /** Reads past the proxy. */
    readonly store: ClickHouse,
  ) {
    bus.nats.subscribe(rpcSubjects.introspect, {
      callback: (_error, message) => {
        const token = this.tokens.get(message.json<IntrospectRequest>().hash) ?? null;
        message.respond(JSON.stringify({ data: { token } }));
      },
    });
    bus.nats.subscribe('rpc.v1.chat.memberships', {
      callback: (_error, message) => {
        if (this.chatFails) return void message.respond(JSON.stringify({ error: 'internal' }));
        const { pairs } = message.json<{ pairs: { workspaceId: string; userId: string }[] }>();
        const memberships = pairs.map(
          ({ workspaceId, userId }) => this.memberships.get(`${workspaceId} ${userId}`) ?? null,
        );
        message.respond(JSON.stringify({ data: { memberships } }));
      },
    });
  }

  /** A personal access token, as chat would know it. */
  token(facts: NonNullable<IntrospectReply['token']>): string {
    const token = newAccessToken();
    this.tokens.set((accessTokenHash(token) as Buffer).toString('base64url'), facts);
    return token;
  }

  static async start(): Promise<World> {
    const [nats, redis, database, keys] = await Promise.all([
      startNats(),
      startRedis(),
      startClickHouse(),
      testKeys(),
    ]);
    const proxy = await startFlakyProxy(database.url);
    return new World(
      nats,
      redis,
      database,
      proxy,
      keys,
      await connectBus(nats.url, 'test'),
      new ClickHouse(database),
    );
  }

  async stop(): Promise<void> {
    await this.bus.nats.close();
    await this.store.close();
    await Promise.all([this.proxy.close(), this.keys.close(), this.nats.stop(), this.redis.stop()]);
    await this.database.stop();
  }

  async startAnalytics(): Promise<NestFastifyApplication> {
    const config = loadConfig(AnalyticsConfig, {
      PORT: '0',
      NATS_URL: this.nats.url,
      REDIS_URL: this.redis.url,
      CLICKHOUSE_URL: this.proxy.url,
      CLICKHOUSE_DATABASE: this.database.database,
      CHAT_URL: this.keys.chatUrl,
      EVENTS_MAX_BYTES: String(1 << 28),
    });
    const app = await createApplication({
      module: analytics.module,
      config,
      logger: createLogger('analytics', 'silent'),
      health: new Health(),
    });
    await analytics.prepare(app);
    await app.listen(0, '127.0.0.1');
    return app;
  }

  async publish(...events: ParleyEvent[]): Promise<void> {
    const publisher = new EventPublisher(this.bus.nats);
    await Promise.all(
      events.map((event) => publisher.publish(outbound(event, { scope: 'user', id: event.actorId }, 1))),
    );
  }

  async count(workspaceId: string, { final = true } = {}): Promise<number> {
    const [row] = await this.store.query<{ events: string }>(
      `SELECT count() AS events FROM ${this.store.table('events')} ${final ? 'FINAL' : ''}
       WHERE workspace_id = {workspaceId:UUID}`,
      { workspaceId },
    );
    return Number(row?.events);
  }
}
