import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The parts of node's HTTP server that hang on a socket; none of them is in its public types. */
type HttpParser = { unconsume(): void; remove(): void; close(): void; _consumed?: boolean };
type HttpSocket = Socket & { parser?: HttpParser | null };
const HTTP_EVENTS = ['data', 'end', 'close', 'drain', 'error', 'timeout', 'pause', 'resume'];
const WRAPPED = ['on', 'addListener', 'prependListener', 'setEncoding'];

/**
 * Takes the socket of a request away from node's HTTP server, as the server itself does for an upgrade.
 * Parser, request and response can then be collected: an idle stream costs its socket only. Must not run
 * inside the parser's callback; whoever awaited something is outside of it.
 */
export const takeSocket = (request: IncomingMessage, response: ServerResponse): Socket => {
  const socket = request.socket as HttpSocket;
  response.detachSocket(socket);
  // Whoever traces the request waits for this.
  response.removeAllListeners('finish');
  response.emit('close');
  for (const event of HTTP_EVENTS) socket.removeAllListeners(event);
  for (const name of WRAPPED) Reflect.deleteProperty(socket, name);
  const { parser } = socket;
  if (parser) {
    if (parser._consumed) parser.unconsume();
    parser._consumed = false;
    parser.remove();
    socket.parser = null;
    setImmediate(() => parser.close());
  }
  socket.setTimeout(0);
  socket.setNoDelay(true);
  return socket;
};

/**
 * A reply without length and without chunks: it ends with the connection. Pages of any origin may read one
 * that a ticket opened: there is nothing of their visitor's in it that they did not bring.
 */
export const streamHead = (requestId: string, byTicket: boolean): string =>
  [
    'HTTP/1.1 200 OK',
    'content-type: text/event-stream',
    'cache-control: no-store',
    'x-accel-buffering: no',
    'x-content-type-options: nosniff',
    'referrer-policy: no-referrer',
    ...(byTicket ? ['access-control-allow-origin: *'] : []),
    `x-request-id: ${requestId}`,
    `date: ${new Date().toUTCString()}`,
    'connection: close',
    '\r\n',
  ].join('\r\n');
