import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Database, Statement } from '#db';
import type { Instance } from '../../deploy/local/instance.mjs';

export type Run = { statement: Statement; values: unknown[] };

/** Chat inside of this process, on the engines of an instance: what it asks Postgres can be listened to. */
export interface Recorder {
  call(request: string, token: string | null, body?: object): Promise<{ status: number; body: unknown }>;
  /** The statements that a GET runs, with their values. */
  record(request: string, token: string): Promise<Run[]>;
  close(): Promise<void>;
}

const secret = () => randomBytes(24).toString('hex');

const dist = <Module>(file: string) =>
  import(new URL(`../../dist/${file}`, import.meta.url).href) as Promise<Module>;

/** The pool of chat's prepared statements, and nothing of chat beside it. */
export async function openDatabase(instance: Instance): Promise<Database> {
  const { Database } = await dist<typeof import('../../libs/db/src/index.js')>('libs/db/src/index.js');
  const { url } = instance.engines.postgres;
  const database = new Database({
    url,
    poolSize: 10,
    name: 'bare',
    entities: [],
    onCommitted: () => undefined,
  });
  await database.open();
  return database;
}

async function openChat(instance: Instance): Promise<{ app: NestFastifyApplication; database: Database }> {
  const { ChatModule } = await dist<typeof import('../../apps/chat/src/chat.module.js')>(
    'apps/chat/src/chat.module.js',
  );
  const { ChatConfig } =
    await dist<typeof import('../../apps/chat/src/config.js')>('apps/chat/src/config.js');
  const { prepare } = await dist<typeof import('../../apps/chat/src/prepare.js')>('apps/chat/src/prepare.js');
  const platform = await dist<typeof import('../../libs/platform/src/index.js')>(
    'libs/platform/src/index.js',
  );
  const db = await dist<typeof import('../../libs/db/src/index.js')>('libs/db/src/index.js');
  const { privateKey } = generateKeyPairSync('ed25519');
  const config = platform.loadConfig(ChatConfig, {
    POSTGRES_URL: instance.engines.postgres.url,
    NATS_URL: instance.engines.nats.url,
    REDIS_URL: instance.engines.redis.url,
    AUTH_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    BOT_CLIENT_SECRET: secret(),
    SECRETS_KEY: secret(),
    CHAT_ROLES: 'api',
    EVENTS_MAX_BYTES: String(1 << 28),
  });
  const app = await platform.createApplication({
    module: ChatModule,
    config,
    logger: platform.createLogger('chat', 'silent'),
    health: new platform.Health(),
  });
  await prepare(app, config);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, database: app.get(db.Database) };
}

export async function openRecorder(instance: Instance): Promise<Recorder> {
  const { app, database } = await openChat(instance);
  const call: Recorder['call'] = async (request, token, body) => {
    const [method, path] = request.split(' ') as ['GET', string];
    const reply = await app.inject({
      method,
      url: `/api/v1${path}`,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body ? { payload: body } : {}),
    });
    return { status: reply.statusCode, body: reply.body === '' ? null : JSON.parse(reply.body) };
  };
  return {
    call,
    record: async (request, token) => {
      const runs: Run[] = [];
      const run = database.run.bind(database);
      database.run = (statement, values = []) => {
        runs.push({ statement, values });
        return run(statement, values);
      };
      const { status } = await call(request, token).finally(() => (database.run = run));
      if (status !== 200 || runs.length === 0)
        throw new Error(`${request}: ${status}, ${runs.length} statements`);
      return runs;
    },
    close: () => app.close(),
  };
}
