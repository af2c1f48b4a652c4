import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Subscription } from '@nats-io/nats-core';
import { outbound, connectBus, EventPublisher, type Audience, type Bus } from '#bus';
import {
  rpcSubjects,
  type IntrospectReply,
  type IntrospectRequest,
  type MembershipsRequest,
  type ParleyEvent,
  type PostingRequest,
  type PostingVerdict,
  type WorkspaceId,
  type WorkspaceRole,
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
  newId,
  openStream,
  startNats,
  startRedis,
  testKeys,
  type EngineProcess,
  type EventStream,
  type TestKeys,
} from '#testing';
import { FakePeople } from './fake-people.js';
import { notifyConfig } from '../src/config.js';
import { NotifyModule } from '../src/notify.module.js';
import { prepare } from '../src/prepare.js';

export type Ids = { workspaceId: string; userId: string };

type Refusal = Extract<PostingVerdict, { refused: unknown }>['refused'];

/** Answers for chat: `channels` by `<workspace> <user>`. */
export class FakeChat {
  readonly channels = new Map<string, string[]>();
  /** Where it is not `member`, by the same key. */
  readonly roles = new Map<string, WorkspaceRole>();
  /** Personal access tokens, by their hash. */
  readonly tokens = new Map<string, IntrospectReply['token']>();
  requests = 0;
  readonly refusals = new Map<string, Refusal>();
  postingRequests = 0;
  /** Channels about which it says nothing. */
  readonly silent = new Set<string>();
  /** Runs before each answer. */
  before: () => Promise<void> = () => Promise.resolve();
  private subscription: Subscription | undefined;

  constructor(private readonly bus: Bus) {
    this.start();
    this.answerPosting();
    bus.nats.subscribe(rpcSubjects.introspect, {
      callback: (_error, message) => {
        const token = this.tokens.get(message.json<IntrospectRequest>().hash) ?? null;
        message.respond(JSON.stringify({ data: { token } }));
      },
    });
  }

  /** Members of a channel may post in it, unless `refusals` has a reason by `<channel> <user>`. */
  private answerPosting(): void {
    this.bus.nats.subscribe(rpcSubjects.posting, {
      callback: (_error, message) => {
        this.postingRequests++;
        const { pairs } = message.json<PostingRequest>();
        if (pairs.some(({ channelId }) => this.silent.has(channelId))) return;
        const verdicts = pairs.map(({ channelId, userId }) => this.mayPost(channelId, userId));
        message.respond(JSON.stringify({ data: { verdicts } }));
      },
    });
  }

  private mayPost(channelId: string, userId: string): PostingVerdict {
    const refused = this.refusals.get(`${channelId} ${userId}`);
    if (refused) return { refused };
    for (const [key, channels] of this.channels) {
      const [workspaceId, member] = key.split(' ');
      if (member === userId && channels.includes(channelId))
        return { workspaceId: workspaceId as WorkspaceId };
    }
    return { refused: 'channel.not_found' };
  }

  start(): void {
    this.subscription = this.bus.nats.subscribe(rpcSubjects.memberships, {
      callback: (_error, message) => {
        this.requests++;
        const { pairs } = message.json<MembershipsRequest>();
        const memberships = pairs.map(({ workspaceId, userId }) => {
          const channelIds = this.channels.get(`${workspaceId} ${userId}`);
          const role = this.roles.get(`${workspaceId} ${userId}`) ?? 'member';
          return channelIds ? { role, channelIds: [...channelIds] } : null;
        });
        void this.before().then(() => message.respond(JSON.stringify({ data: { memberships } })));
      },
    });
  }

  /** A personal access token of this person. */
  token(facts: NonNullable<IntrospectReply['token']>): string {
    const token = newAccessToken();
    this.tokens.set((accessTokenHash(token) as Buffer).toString('base64url'), facts);
    return token;
  }

  role({ workspaceId, userId }: Ids, role: WorkspaceRole): void {
    this.roles.set(`${workspaceId} ${userId}`, role);
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }

  member({ workspaceId, userId }: Ids, ...channelIds: string[]): void {
    this.channels.set(`${workspaceId} ${userId}`, channelIds);
  }
}

export type Reply = { status: number; body: Record<string, unknown>; headers: Headers };

/** One notify process' worth of application. */
export class RunningNotify {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly health: Health,
  ) {}

  static async start(world: World, env: Record<string, string> = {}): Promise<RunningNotify> {
    const config = loadConfig(notifyConfig, { ...world.env, ...env });
    const health = new Health();
    const logger = createLogger('notify', config.log.level);
    const app = await createApplication({ module: NotifyModule, config, logger, health });
    await prepare(app);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new RunningNotify(app, `http://127.0.0.1:${port}`, health);
  }

  async call(route: string, { token, body }: { token?: string; body?: unknown }): Promise<Reply> {
    const [method, path] = route.split(' ') as [string, string];
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, body: json, headers: response.headers };
  }

  path(workspaceId: string, query = ''): string {
    return `${this.url}/api/v1/workspaces/${workspaceId}/events${query}`;
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}

/** The engines, keys and stand-ins that a test file shares. */
export class World {
  /** What chat is told of them. */
  partitions = 1;

  private constructor(
    readonly nats: EngineProcess,
    readonly redis: EngineProcess,
    readonly keys: TestKeys,
    readonly bus: Bus,
    readonly chat: FakeChat,
    readonly people: FakePeople,
    private readonly publisher: EventPublisher,
  ) {}

  static async start(): Promise<World> {
    const [nats, redis, keys] = await Promise.all([startNats(), startRedis(), testKeys()]);
    const bus = await connectBus(nats.url, 'test');
    const chat = new FakeChat(bus);
    const people = new FakePeople(bus, chat);
    return new World(nats, redis, keys, bus, chat, people, new EventPublisher(bus.nats));
  }

  /** What a notify process is told. */
  get env(): Record<string, string> {
    return {
      NATS_URL: this.nats.url,
      REDIS_URL: this.redis.url,
      CHAT_URL: this.keys.chatUrl,
      LOG_LEVEL: 'silent',
    };
  }

  publish(event: ParleyEvent, audience: Audience): Promise<void> {
    return this.publisher.publish(outbound(event, audience, this.partitions));
  }

  /** A member with these channels, and a token of theirs. */
  async member(workspaceId: string, ...channelIds: string[]) {
    const userId = newId.user();
    const sessionId = newId.session();
    this.chat.member({ workspaceId, userId }, ...channelIds);
    return { workspaceId, userId, sessionId, token: await this.keys.sign({ userId, sessionId }) };
  }

  async stop(): Promise<void> {
    await this.bus.nats.close();
    await Promise.all([this.nats.stop(), this.redis.stop(), this.keys.close()]);
  }
}

export type Person = Awaited<ReturnType<World['member']>>;

/** Opens a stream and waits until it is ready; `cursor` is where it starts. */
export const listen = async (
  notify: RunningNotify,
  person: Pick<Person, 'workspaceId' | 'token'>,
  lastEventId?: string,
): Promise<EventStream & { cursor: string }> => {
  const stream = await openStream(notify.path(person.workspaceId), person.token, lastEventId);
  const ready = await stream.next((frame) => frame.event === 'stream.ready');
  return Object.assign(stream, { cursor: ready.id as string });
};
