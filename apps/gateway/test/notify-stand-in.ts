import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import {
  Audience,
  Fanout,
  Heartbeat,
  LinkOrigins,
  outletOf,
  takeSocket,
  type LineTiming,
  type Outlet,
  type Shared,
} from '#streams';
import { EVENTS, onCleanup, rawClient, standIn, startEdge, type EdgeOptions, type StandIn } from './edge.js';

/** A stream as notify has it. */
export type HeldStream = { outlet: Outlet; closed: string[] };

export type NotifyStandIn = StandIn & {
  open: HeldStream[];
  links: LinkOrigins;
  /** Everyone who is connected hears this. */
  tell(text: string): void;
  /** Breaks all connections, links too. */
  die(): void;
};

const headOf = (requestId: string) =>
  Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: ${requestId}\r\n\r\n`);
const frame = (text: string) => Buffer.from(`${text}\n\n`);

export type StandInOptions = {
  timing?: LineTiming;
  siblings?: number;
  /** One that another one has, too. */
  port?: number;
};

/** Opens a stream for every request, unless it is given something else to do with them. */
export const notifyStandIn = async (
  listener?: RequestListener,
  { timing, siblings = 1, port }: StandInOptions = {},
): Promise<NotifyStandIn> => {
  const open: HeldStream[] = [];
  const everyone = new Audience();
  const fanout = new Fanout();
  const heartbeat = new Heartbeat(60_000);
  const shared: Shared<HeldStream> = {
    maxBacklogBytes: 1024 * 1024,
    heartbeat,
    delivered: () => undefined,
    closed: (stream, reason) => {
      if (stream.closed.push(reason) === 1) stream.outlet.leave(everyone);
    },
  };
  const stream: RequestListener = (request, response) => {
    // Out of the parser's callback.
    setImmediate(() => {
      const held = { closed: [] } as unknown as HeldStream;
      held.outlet = outletOf(takeSocket(request, response), held, shared);
      held.outlet.write(headOf(String(request.headers['x-request-id'])), 0);
      held.outlet.write(frame('event: stream.ready\ndata: {}'), 1);
      held.outlet.enter(everyone);
      open.push(held);
    });
  };
  const notify = await standIn(listener ?? stream, port);
  const sockets = new Set<Socket>();
  notify.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const links = new LinkOrigins(notify.server, { relayed: () => undefined, timing, siblings });
  const die = () => {
    for (const socket of sockets) socket.destroy();
  };
  onCleanup(() => {
    heartbeat.stop();
    die();
  });
  const tell = (text: string) => fanout.push(everyone, { seq: 0, frame: frame(text) });
  return { ...notify, open, links, tell, die };
};

export const GET = (path: string, ...lines: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: x', 'Authorization: Bearer good', ...lines, '', ''].join('\r\n');
export const askForEvents = (url: string) =>
  fetch(`${url}${EVENTS}`, { headers: { authorization: 'Bearer good' } });

export const setUp = async (options: EdgeOptions = {}, listener?: RequestListener) => {
  const notify = await notifyStandIn(listener);
  const chat = await standIn();
  const edge = await startEdge({ chat: [chat.url], notify: [notify.url], ...options });
  return { notify, chat, edge, open: notify.open, upstream: edge.balancers.notify.upstreams[0] };
};
export const opened = async (port: number, ...lines: string[]) => {
  const client = rawClient(port);
  client.write(GET(`${EVENTS}?after=e-1`, ...lines));
  await client.until(/stream\.ready/);
  return client;
};
