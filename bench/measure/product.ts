import { connect } from '@nats-io/transport-node';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance } from '../../deploy/local/instance.mjs';
import { uuidv7 } from '../peers/uuid.ts';
import { publishEvent } from '../peers/world.ts';
import { enginesOf, pidOfProcess, startThrowaway, type Engines } from './engines.ts';
import { bearer, type Endpoint, type Subject } from './subject.ts';

const USERS = 8;

/** Only what a message passes on its way; `complete` adds the consumers, which the peers do not have. */
const PATH = ['gateway', 'chat', 'notify'] as const;

/** A few users send and listen for thousands here. The limits stay at work, only high enough not to be met. */
const GENEROUS = { RATE_LIMIT_PER_MINUTE: '10000000', STREAMS_PER_USER: '10000' };

export interface Product {
  readonly instance: Instance;
  readonly engines: Engines;
  /** Chat and notify without the gateway. */
  readonly direct: Subject;
  readonly gateway: Subject;
  stop(): Promise<void>;
}

interface Member {
  readonly token: string;
}

async function call<T>(
  base: string,
  method: string,
  path: string,
  token: string | null,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}

async function register(base: string, run: string, index: number): Promise<Member> {
  const { accessToken } = await call<{ accessToken: string }>(base, 'POST', '/auth/register', null, {
    email: `bench-${run}-${index}@example.com`,
    name: `Bench ${index}`,
    password: randomBytes(12).toString('hex'),
    transport: 'token',
  });
  return { token: accessToken };
}

interface Room {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly tokens: readonly string[];
}

/** One workspace with one channel that everybody is in. Talks to chat itself: the gateway limits registrations. */
async function createRoom(base: string): Promise<Room> {
  const run = randomBytes(4).toString('hex');
  const members: Member[] = [];
  for (let index = 0; index < USERS; index += 1) members.push(await register(base, run, index));
  const tokens = members.map(({ token }) => token);
  const [owner = '', ...guests] = tokens;
  const workspace = await call<{ id: string }>(base, 'POST', '/workspaces', owner, { name: 'Bench' });
  const { channel } = await call<{ channel: { id: string } }>(
    base,
    'POST',
    `/workspaces/${workspace.id}/channels`,
    owner,
    {
      name: 'bench',
      kind: 'public',
    },
  );
  const invite = await call<{ token: string }>(
    base,
    'POST',
    `/workspaces/${workspace.id}/invites`,
    owner,
    {},
  );
  for (const token of guests) {
    await call(base, 'POST', `/invites/${invite.token}/accept`, token);
    await call(base, 'POST', `/channels/${channel.id}/join`, token);
  }
  return { workspaceId: workspace.id, channelId: channel.id, tokens };
}

interface MessageEvent {
  seq: number;
  data: { message: object };
}

/** Sends one message and repeats its event ever after: same subject, same shape, fresh ids. */
async function createFeed(
  instance: Instance,
  base: string,
  room: Room,
): Promise<{ feed: () => void; close: () => Promise<void> }> {
  const nats = await connect({ servers: instance.engines.nats.url });
  const { promise, resolve } = Promise.withResolvers<{ subject: string; event: MessageEvent }>();
  const subscription = nats.subscribe('evt.v1.>', {
    callback: (error, message) => {
      if (error === null && message.subject.endsWith('.message.created'))
        resolve({ subject: message.subject, event: message.json<MessageEvent>() });
    },
  });
  await nats.flush();
  const text = 'x'.repeat(64);
  await call(base, 'POST', `/channels/${room.channelId}/messages`, room.tokens[0] ?? '', {
    clientMessageId: uuidv7(),
    text,
  });
  const late = sleep(5_000).then(() => Promise.reject(new Error('chat published no message.created event')));
  const { subject, event } = await Promise.race([promise, late]);
  late.catch(() => undefined);
  subscription.unsubscribe();
  let { seq } = event;
  return {
    feed: () => {
      seq += 1;
      const id = uuidv7();
      const message = { ...event.data.message, id: uuidv7(), clientMessageId: uuidv7(), seq };
      publishEvent(nats, subject, { id, payload: JSON.stringify({ ...event, id, data: { message }, seq }) });
    },
    close: () => nats.close(),
  };
}

/** Only what changed is built. */
export async function buildServices(): Promise<void> {
  const script = new URL('../../deploy/local/build.mjs', import.meta.url).href;
  const module = (await import(script)) as { build: (parts: string[]) => Promise<unknown> };
  await module.build(['services']);
}

export interface ProductOptions {
  readonly complete: boolean;
}

export async function startProduct({ complete }: ProductOptions): Promise<Product> {
  const instance = await startThrowaway({
    ...(complete ? {} : { services: PATH, engines: ['postgres', 'nats', 'redis'] as const }),
    env: { LOG_LEVEL: 'warn', ...GENEROUS, ...(complete ? {} : { CHAT_ROLES: 'api' }) },
    built: buildServices(),
  });
  try {
    const url = (name: string) => instance.urls[name] ?? '';
    const room = await createRoom(url('chat'));
    const { feed, close } = await createFeed(instance, url('chat'), room);
    const endpoint = (name: string, path: string): Endpoint => ({
      port: Number(new URL(url(name)).port),
      targets: room.tokens.map((token) => ({ path: `/api/v1${path}`, headers: [bearer(token)] })),
    });
    const send = `/channels/${room.channelId}/messages`;
    const events = `/workspaces/${room.workspaceId}/events`;
    const engines = enginesOf(instance);
    const processes = {
      chat: pidOfProcess(instance, 'chat'),
      notify: pidOfProcess(instance, 'notify'),
      ...engines.processes,
      redis: pidOfProcess(instance, 'redis'),
    };
    const common = { readyEvent: 'stream.ready', feed };
    return {
      instance,
      engines,
      direct: {
        name: 'direct',
        send: endpoint('chat', send),
        streams: endpoint('notify', events),
        processes,
        ...common,
      },
      gateway: {
        name: 'gateway',
        send: endpoint('gateway', send),
        streams: endpoint('gateway', events),
        processes: { gateway: pidOfProcess(instance, 'gateway'), ...processes },
        ...common,
      },
      stop: async () => {
        await close();
        await instance.stop();
      },
    };
  } catch (error) {
    await instance.stop();
    throw error;
  }
}
