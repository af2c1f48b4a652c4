import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { generateKeyPairSync } from 'node:crypto';
import type { StoredMsg } from '@nats-io/jetstream';
import { connectBus, type Bus } from '#bus';
import {
  EVENTS_STREAM,
  type AuthResult,
  type Message,
  type MyChannel,
  type MyWorkspace,
  type ParleyEvent,
} from '#contracts';
import { Database } from '#db';
import { createApplication, createLogger, Health, loadConfig } from '#platform';
import {
  eventually,
  mailsIn,
  startNats,
  startPostgresDatabase,
  startRedis,
  type EngineProcess,
  type ReadMail,
  type TestDatabase,
} from '#testing';
import { ChatModule } from '../src/chat.module.js';
import { ChatConfig } from '../src/config.js';
import { prepare } from '../src/prepare.js';

export type Reply<T = unknown> = {
  status: number;
  body: T & { code?: string; errors?: { pointer: string }[] };
  headers: Record<string, unknown>;
};
export type Person = { id: string; email: string; token: string; refreshToken: string; sessionId: string };
type Call = { body?: unknown; token?: string | undefined; headers?: Record<string, string> };

const READ_AT_ONCE = 200;
const BOT_SECRET = 'a-secret-of-the-tests-with-32-characters';
const signingKey = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** Chat on engines of its own, called over HTTP; `second()` is another process of it on the same engines. */
export class RunningChat {
  private apps: NestFastifyApplication[] = [];
  private readonly mailDirectory = join(tmpdir(), `parley-mail-${randomUUID()}`);

  private constructor(
    readonly database: TestDatabase,
    readonly nats: EngineProcess,
    readonly redis: EngineProcess,
    readonly bus: Bus,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<RunningChat> {
    const [database, nats, redis] = await Promise.all([
      startPostgresDatabase({ migrations: 'chat' }),
      startNats(),
      startRedis(),
    ]);
    const chat = new RunningChat(database, nats, redis, await connectBus(nats.url, 'test'));
    await chat.second(env);
    return chat;
  }

  get app(): NestFastifyApplication {
    return this.apps[0] as NestFastifyApplication;
  }

  get botSecret(): string {
    return BOT_SECRET;
  }

  /** What a process of this chat is configured by. */
  get env(): Record<string, string> {
    return {
      POSTGRES_URL: this.database.url,
      NATS_URL: this.nats.url,
      REDIS_URL: this.redis.url,
      EVENTS_MAX_BYTES: String(1 << 28),
      AUTH_SIGNING_KEY: signingKey,
      BOT_CLIENT_SECRET: BOT_SECRET,
      SECRETS_KEY: 'a-key-of-the-tests-with-32-characters',
      PUBLIC_URL: 'https://chat.example',
      MAIL_DIR: this.mailDirectory,
    };
  }

  async second(env: Record<string, string> = {}): Promise<NestFastifyApplication> {
    const config = loadConfig(ChatConfig, { ...this.env, ...env });
    const app = await createApplication({
      module: ChatModule,
      config,
      logger: createLogger('chat', 'silent'),
      health: new Health(),
    });
    await prepare(app, config);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    this.apps.push(app);
    return app;
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await this.bus.nats.close();
    await Promise.all([this.nats.stop(), this.redis.stop(), this.database.drop()]);
    await rm(this.mailDirectory, { recursive: true, force: true });
  }

  async call<T = unknown>(
    route: string,
    { body, token, headers = {} }: Call = {},
    app = this.app,
  ): Promise<Reply<T>> {
    const [method, path] = route.split(' ') as [string, string];
    const reply = await app.inject({
      method: method as 'GET',
      url: path.startsWith('/api') ? path : `/api/v1${path}`,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const text = reply.body;
    return {
      status: reply.statusCode,
      body: (text.startsWith('{') ? JSON.parse(text) : text) as Reply<T>['body'],
      headers: reply.headers,
    };
  }

  async person(name = 'Ada'): Promise<Person> {
    const email = `${name.toLowerCase()}-${randomUUID()}@example.org`;
    const { body } = await this.call<AuthResult>('POST /auth/register', {
      body: { email, name, password: 'correct horse' },
    });
    return {
      id: body.user.id,
      email,
      token: body.accessToken as string,
      refreshToken: body.refreshToken as string,
      sessionId: body.sessionId,
    };
  }

  async workspace(owner: Person): Promise<MyWorkspace> {
    return (await this.call<MyWorkspace>('POST /workspaces', { body: { name: 'Acme' }, token: owner.token }))
      .body;
  }

  async invite(owner: Person, workspaceId: string, ...people: Person[]): Promise<void> {
    const { body } = await this.call<{ token: string }>(`POST /workspaces/${workspaceId}/invites`, {
      body: {},
      token: owner.token,
    });
    for (const person of people)
      await this.call(`POST /invites/${body.token}/accept`, { token: person.token });
  }

  async channel(owner: Person, workspaceId: string, kind: 'public' | 'private' = 'public'): Promise<string> {
    const reply = await this.call<MyChannel>(`POST /workspaces/${workspaceId}/channels`, {
      body: { name: `c-${randomUUID()}`, kind },
      token: owner.token,
    });
    return reply.body.channel.id;
  }

  send(
    sender: Person,
    channelId: string,
    text: string,
    clientMessageId: string = randomUUID(),
    app = this.app,
  ): Promise<Reply<Message>> {
    return this.call<Message>(
      `POST /channels/${channelId}/messages`,
      { body: { clientMessageId, text }, token: sender.token },
      app,
    );
  }

  /** `<scope>.<id>.<type>` of every event of a workspace so far. */
  async subjects(workspace: string): Promise<string[]> {
    return (await this.stored(workspace)).map(({ subject }) => subject.split('.').slice(4).join('.'));
  }

  /** The mails to an address so far, oldest first. */
  mailsTo(address: string): Promise<ReadMail[]> {
    return mailsIn(this.mailDirectory, address);
  }

  /**
   * Every event of a workspace so far, in stream order. Events are published after their commit, so a reply
   * may be here before its event: ask `eventually`, or once all is `published`. Only the messages of a channel
   * come in order; of what several requests at once tell of one thing, the highest version is the last.
   */
  async events(workspace = '*'): Promise<ParleyEvent[]> {
    return (await this.stored(workspace)).map((message) => message.json<ParleyEvent>());
  }

  /** Resolves when everything that was committed is in the stream. */
  async published(): Promise<void> {
    const database = this.app.get(Database);
    await eventually(async () => {
      const rows = await database.run({ name: 'test_outbox', text: 'SELECT 1 FROM chat.outbox LIMIT 1' });
      if (rows.length > 0) throw new Error('the outbox is not empty');
    });
  }

  /** Every event so far, and none of before is still on its way: what comes next stands behind them. */
  async allEvents(workspace = '*'): Promise<ParleyEvent[]> {
    await this.published();
    return this.events(workspace);
  }

  private async stored(workspace: string): Promise<StoredMsg[]> {
    const { state } = await this.bus.jsm.streams.info(EVENTS_STREAM);
    const found: StoredMsg[] = [];
    for (let from = Math.max(1, state.first_seq); from <= state.last_seq; from += READ_AT_ONCE) {
      const count = Math.min(READ_AT_ONCE, state.last_seq - from + 1);
      const messages = await Promise.all(
        Array.from({ length: count }, (_, n) =>
          this.bus.jsm.streams.getMessage(EVENTS_STREAM, { seq: from + n }),
        ),
      );
      for (const message of messages)
        if (message && (workspace === '*' || message.subject.split('.')[3] === workspace))
          found.push(message);
    }
    return found;
  }
}
