import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FarSocket } from './far-socket.js';
import { LinkOrigin, type OriginOptions } from './link-origin.js';

/** Beside the API, so that no gateway ever forwards it. Another version of the protocol gets another name. */
const LINK_PATH = '/link';
const LINK_PROTOCOL = 'parley-link.1';
/** Each gateway process has one. */
const MAX_LINKS = 256;
/** Of the reply: who took the link, and how many processes share its port. */
const PROCESS = 'parley-process';
const SIBLINGS = 'parley-siblings';

type UpgradableServer = Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean };

/** The links that end at an HTTP server. */
export class LinkOrigins {
  private readonly process = randomUUID();
  private readonly links = new Set<LinkOrigin>();
  private closed = false;

  constructor(
    private readonly server: Server,
    private readonly options: OriginOptions & { siblings?: number },
  ) {
    // Other upgrades (curl offers HTTP/2 this way) are requests like any other.
    (server as UpgradableServer).shouldUpgradeCallback = ({ headers }) => headers.upgrade === LINK_PROTOCOL;
    // A reply that comes through a link is complete when its connection ends.
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      if ((request.socket as unknown) instanceof FarSocket) response.shouldKeepAlive = false;
    });
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.accept(request, socket, head),
    );
  }

  get size(): number {
    return this.links.size;
  }

  /** No more links from now on; those that exist stay. */
  refuse(): void {
    this.closed = true;
  }

  /** Closes all links, after what was sent. */
  close(): void {
    this.refuse();
    for (const link of this.links) link.line.close();
  }

  private accept({ url, method }: IncomingMessage, socket: Socket, head: Buffer): void {
    if (method !== 'GET' || url !== LINK_PATH) return refuse(socket, '404 Not Found');
    if (this.closed || this.links.size >= MAX_LINKS) return refuse(socket, '503 Service Unavailable');
    const { siblings = 1 } = this.options;
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${LINK_PROTOCOL}\r\n` +
        `${PROCESS}: ${this.process}\r\n${SIBLINGS}: ${siblings}\r\n\r\n`,
    );
    if (head.length > 0) socket.unshift(head);
    this.links.add(new LinkOrigin(socket, this.server, this.options, (link) => this.links.delete(link)));
  }
}

const refuse = (socket: Socket, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
};

export type LinkTarget = { host: string; port: number; authority: string };
export type Patience = { connectMs: number; replyMs: number };
export type OpenedLink = {
  /** Carries nothing but messages. */
  socket: Socket;
  /** The process at the other end. */
  process: string;
  /** How many share its address. */
  siblings: number;
};

export const openLink = (
  { host, port, authority }: LinkTarget,
  { connectMs, replyMs }: Patience,
): Promise<OpenedLink> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({
      host,
      port,
      agent: false,
      path: LINK_PATH,
      headers: { host: authority, connection: 'upgrade', upgrade: LINK_PROTOCOL },
    });
    const failAfter = (ms: number, what: string) => setTimeout(() => request.destroy(new Error(what)), ms);
    let timer = failAfter(connectMs, 'connect timed out');
    request.on('socket', (socket) =>
      socket.once('connect', () => {
        clearTimeout(timer);
        timer = failAfter(replyMs, 'no link in time');
      }),
    );
    request.on('upgrade', ({ headers }, socket: Socket, head) => {
      clearTimeout(timer);
      if (head.length > 0) socket.unshift(head);
      const siblings = Number(headers[SIBLINGS]) || 1;
      resolve({ socket, process: String(headers[PROCESS]), siblings });
    });
    request.on('response', ({ statusCode }) => request.destroy(new Error(`no link: ${statusCode}`)));
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end();
  });
