import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { createLogger, DomainError, type Principal } from '#platform';
import { EdgeMetrics } from '../src/edge-metrics.js';
import { Entrance } from '../src/entrance.js';
import { RateLimiter } from '../src/limits/rate-limiter.js';
import { FrontDoor } from '../src/proxy/front-door.js';
import { RouteTable } from '../src/proxy/route-table.js';
import { Streams, type StreamSettings } from '../src/streams/streams.js';
import { cachedLookup } from '../src/upstreams/address.js';
import { Balancer } from '../src/upstreams/balancer.js';
import { Upstream, UPSTREAM_DEFAULTS, type UpstreamOptions } from '../src/upstreams/upstream.js';

export const CHANNEL = '0190b0a0-0000-7000-8000-000000000001';
export const MESSAGES = `/api/v1/channels/${CHANNEL}/messages`;
export const EVENTS = `/api/v1/workspaces/${CHANNEL}/events`;
export const AUTH = { authorization: 'Bearer good' };
export const PUBLIC_ORIGIN = 'https://chat.example';

const portOf = (server: Server | TcpServer): number => (server.address() as AddressInfo).port;

/** Things to close after each test, last opened first. */
const cleanups: (() => Promise<unknown> | void)[] = [];
export const onCleanup = (cleanup: () => Promise<unknown> | void): void => void cleanups.push(cleanup);
export const cleanUp = async (): Promise<void> => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
};

export type StandIn = {
  url: string;
  server: Server;
  seen: { method: string; url: string; headers: IncomingMessage['headers'] }[];
};

/** A real HTTP server in a service's place, which remembers what reached it. */
export const standIn = async (
  listener: RequestListener = (request, response) => {
    request
      .resume()
      .on('end', () => response.setHeader('content-type', 'application/json').end('{"ok":true}'));
  },
  port = 0,
): Promise<StandIn> => {
  const seen: StandIn['seen'] = [];
  const server = createServer((request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    listener(request, response);
  });
  await new Promise<void>((resolve) =>
    server.listen({ port, host: '127.0.0.1', reusePort: true }, () => resolve()),
  );
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${portOf(server)}`, server, seen };
};

/** A bare TCP server, for upstreams that misbehave. */
export const tcpStandIn = async (listener: (socket: Socket, connection: number) => void): Promise<string> => {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    connections += 1;
    listener(socket, connections);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${portOf(server)}`;
};

export const closedPort = async (): Promise<string> => {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${portOf(server)}`;
  await new Promise((resolve) => server.close(resolve));
  return url;
};

export type EdgeOptions = {
  chat?: string[];
  notify?: string[];
  analytics?: string[];
  requestsPerMinute?: number;
  guessesPerMinute?: number;
  trustedHops?: number;
  upstream?: Partial<UpstreamOptions>;
  streams?: Partial<StreamSettings>;
  verify?: (token: string) => Principal | Promise<Principal>;
};

export type TestEdge = {
  url: string;
  port: number;
  server: Server;
  door: FrontDoor;
  streams: Streams;
  balancers: { chat: Balancer; notify: Balancer; analytics: Balancer };
  limits: { requests: RateLimiter; guesses: RateLimiter };
};

const verifyByName = (token: string): Principal => {
  if (token === 'expired') throw new DomainError('auth.token_expired');
  if (token !== 'good' && !token.startsWith('user-')) throw new DomainError('auth.token_invalid');
  return { userId: token, sessionId: 's', kind: 'user', expiresAt: Infinity } as unknown as Principal;
};

/** The door on a port of its own, without Nest behind it. */
export const startEdge = async (options: EdgeOptions = {}): Promise<TestEdge> => {
  const logger = createLogger('gateway', 'silent');
  const lookup = cachedLookup();
  const upstreamOptions = { ...UPSTREAM_DEFAULTS, ...options.upstream };
  const balancer = (urls: string[] = []) =>
    new Balancer(urls.map((url) => new Upstream(url, lookup, upstreamOptions)));
  const chat = balancer(options.chat);
  const balancers = {
    chat,
    notify: options.notify ? balancer(options.notify) : chat,
    analytics: options.analytics ? balancer(options.analytics) : chat,
  };
  const metrics = new EdgeMetrics();
  const streams = new Streams(balancers.notify, metrics, logger, {
    maxBacklogBytes: 1024 * 1024,
    heartbeatMs: 20_000,
    linksPerNotify: 1,
    ...options.streams,
  });
  const now = () => performance.now();
  const limits = {
    requests: new RateLimiter('requests', options.requestsPerMinute ?? 0, now),
    guesses: new RateLimiter('guesses', options.guessesPerMinute ?? 0, now),
  };
  const door = new FrontDoor({
    table: new RouteTable(),
    balancers,
    streams,
    verifier: { verify: options.verify ?? verifyByName },
    limits,
    metrics,
    logger,
    settings: { publicOrigin: PUBLIC_ORIGIN, trustedHops: options.trustedHops ?? 0 },
  });
  const entrance = new Entrance();
  entrance.open(door);
  const server = entrance.serverFactory((_request, response: ServerResponse) => response.end('nest'));
  server.on('clientError', entrance.clientErrorHandler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    door.drain();
    for (const { upstreams } of Object.values(balancers)) for (const upstream of upstreams) upstream.close();
    server.closeAllConnections();
    server.close();
  });
  const port = portOf(server);
  return { url: `http://127.0.0.1:${port}`, port, server, door, streams, balancers, limits };
};

export type RawClient = {
  socket: Socket;
  received: () => string;
  write(text: string): void;
  until(pattern: RegExp, timeoutMs?: number): Promise<string>;
  closed: Promise<void>;
};

/** A client that says exactly what it is told to. */
export const rawClient = (port: number): RawClient => {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let wake: () => void = () => undefined;
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    wake();
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  void closed.then(() => wake());
  onCleanup(() => void socket.destroy());
  return {
    socket,
    received: () => text,
    write: (what) => void socket.write(what, 'latin1'),
    closed,
    until: async (pattern, timeoutMs = 20_000) => {
      const deadline = Date.now() + timeoutMs;
      while (!pattern.test(text)) {
        if (socket.destroyed || Date.now() > deadline)
          throw new Error(`no ${pattern.source} in: ${text.slice(0, 500)}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 100);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return text;
    },
  };
};

export const problemOf = async (
  reply: Response,
): Promise<{ code: string; status: number; traceId: string }> => {
  const type = reply.headers.get('content-type');
  if (type !== 'application/problem+json') throw new Error(`${reply.status} is no problem document: ${type}`);
  return (await reply.json()) as { code: string; status: number; traceId: string };
};
