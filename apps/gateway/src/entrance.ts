import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { problemBody, requestIdOf } from '#platform';

type Door = { handle(request: IncomingMessage, response: ServerResponse): void };
type BusySocket = Socket & { _httpMessage?: ServerResponse | null };

/** Below `/api/v1` but ours. */
const OWN_PAGES: ReadonlySet<string> = new Set(['/api/v1/openapi.json', '/api/v1/docs', '/api/v1/docs.css']);

/** Idle clients are kept longer than common load balancers do, so that those close first. */
const LIMITS = {
  keepAliveTimeout: 75_000,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5000,
  maxHeaderSize: 16 * 1024,
};

/**
 * The HTTP server under Nest. What belongs to the API goes straight to the door on raw request and
 * response; the rest (web client, documentation, health) is Nest's.
 */
export class Entrance {
  private door: Door | undefined;

  open(door: Door): void {
    this.door = door;
  }

  readonly serverFactory = (nest: RequestListener): Server =>
    createServer({ ...LIMITS, noDelay: true, insecureHTTPParser: false }, (request, response) => {
      if (this.door && isApi(request.url ?? '')) this.door.handle(request, response);
      else nest(request, response);
    });

  /** A reply that is under way must not get another one written into its body. */
  readonly clientErrorHandler = (error: Error & { code?: string }, socket: Socket): void => {
    const busy = (socket as BusySocket)._httpMessage;
    if (!socket.writable || busy?.headersSent || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const body = JSON.stringify(problemBody('request.malformed', requestIdOf(undefined)));
    socket.end(
      'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/problem+json\r\n' +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  };
}

const isApi = (target: string): boolean => {
  if (!target.startsWith('/api') && !target.startsWith('/hooks')) return false;
  const path = target.split('?', 1)[0] as string;
  return /^\/(?:api|hooks)(?:\/|$)/.test(path) && !OWN_PAGES.has(path);
};
