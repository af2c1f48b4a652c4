import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FarSocket } from './link/far-socket.js';

/** The parts of node's HTTP server that hang on a socket; none of them is in its public types. */
type HttpParser = { unconsume?(): void; remove?(): void; close?(): void; _consumed?: boolean };
type HttpSocket = Socket & { parser?: HttpParser | null };
const HTTP_EVENTS = ['data', 'end', 'close', 'drain', 'error', 'timeout', 'pause', 'resume'];
const WRAPPED = ['on', 'addListener', 'prependListener', 'setEncoding'];

/**
 * Takes the socket of a request away from node's HTTP server, as the server itself does for an upgrade.
 * Parser, request and response can then be collected: an idle stream costs its socket only. Nothing of the
 * reply may have been written, and it must not run inside the parser's callback; whoever awaited something
 * is outside of it. If a future node hides its parser, streams still work and cost a little more memory.
 */
export const takeSocket = (request: IncomingMessage, response: ServerResponse): Socket | FarSocket => {
  const socket = request.socket as HttpSocket;
  response.detachSocket(socket);
  for (const event of HTTP_EVENTS) socket.removeAllListeners(event);
  for (const name of WRAPPED) Reflect.deleteProperty(socket, name);
  const { parser } = socket;
  if (parser) {
    if (parser._consumed) parser.unconsume?.();
    parser._consumed = false;
    parser.remove?.();
    socket.parser = null;
    Object.assign(request, { parser: null });
    setImmediate(() => parser.close?.());
  }
  socket.setTimeout(0);
  socket.setNoDelay(true);
  return socket;
};
