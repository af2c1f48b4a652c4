import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex, duplexPair } from 'node:stream';
import { Heartbeat } from '../src/heartbeat.js';
import type { FarSocket } from '../src/link/far-socket.js';
import { LinkEdge, type Opening } from '../src/link/link-edge.js';
import { LinkOrigin } from '../src/link/link-origin.js';
import type { Shared } from '../src/outlet.js';

export const turn = () => new Promise((resolve) => setImmediate(resolve));
export const turns = async (count = 12) => {
  for (let i = 0; i < count; i++) await turn();
};

/** A client's socket that keeps what is written to it. */
export class FakeSocket extends Duplex {
  readonly heard: Buffer[] = [];
  /** While set, nothing is taken. */
  stalled = false;
  private taken: (() => void) | null = null;

  override _read(): void {}
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.heard.push(chunk);
    if (this.stalled) this.taken = done;
    else done();
  }
  go(): void {
    this.stalled = false;
    this.taken?.();
  }
  setTimeout(): this {
    return this;
  }
  destroySoon(): void {
    this.end();
  }
  get text(): string {
    return Buffer.concat(this.heard).toString();
  }
}
const asSocket = (socket: Duplex): Socket =>
  Object.assign(socket, {
    setNoDelay: () => socket,
    setTimeout: () => socket,
    destroySoon: () => socket.destroy(),
  }) as unknown as Socket;

export type Key = { closed: string[] };
export const MAX_BACKLOG = 100_000;

/** Both ends of a link, with an HTTP server in between that keeps its connections for the test. */
export const linked = (timing = { pingMs: 60_000 }) => {
  const [near, far] = duplexPair();
  const heartbeat = new Heartbeat(60_000);
  const server = new EventEmitter();
  const asked: FarSocket[] = [];
  server.on('connection', (socket: FarSocket) => void asked.push(socket));
  const shared: Shared<Key> = {
    maxBacklogBytes: MAX_BACKLOG,
    heartbeat,
    delivered: () => undefined,
    closed: (key, reason) => void key.closed.push(reason),
  };
  const told = { closed: [] as string[], lost: [] as string[], relayed: 0 };
  const origin = new LinkOrigin(
    asSocket(far),
    server as unknown as Server,
    { relayed: () => void told.relayed++, timing },
    () => undefined,
  );
  const edge = new LinkEdge(
    asSocket(near),
    { maxBacklogBytes: MAX_BACKLOG, heartbeat, delivered: () => undefined, openingMs: 100, timing },
    {
      streamClosed: (reason) => void told.closed.push(reason),
      lost: (error) => void told.lost.push(error.message),
    },
  );
  const ask = () => {
    const socket = new FakeSocket();
    const outcome: string[] = [];
    const opening: Opening = {
      id: -1,
      since: 0,
      head: 'GET /events HTTP/1.1\r\n\r\n',
      opened: () => socket as unknown as Socket,
      refused: (reply) => void outcome.push(reply.toString()),
      lost: (error) => void outcome.push(error.message),
    };
    edge.open(opening);
    return { socket, outcome, opening };
  };
  /** A stream through the link, open at both ends. */
  const open = async () => {
    const client = ask();
    await turns();
    const key: Key = { closed: [] };
    const stream = (asked.pop() as FarSocket).stream(key, shared);
    return { ...client, stream, key };
  };
  return { near, far, origin, edge, asked, shared, told, ask, open };
};

export const frame = (text: string) => Buffer.from(`${text};`);
