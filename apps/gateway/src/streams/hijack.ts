import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What `node:http` hangs on a socket. Not public API: each step checks for it, and does without. */
type HttpParser = { unconsume?(): void; remove?(): void; close?(): void };
type HttpSocket = Socket & { parser?: HttpParser | null };

const EVENTS = ['data', 'end', 'close', 'drain', 'error', 'timeout'];

/**
 * Takes the client's socket away from the HTTP server: no parser reads it, no timer watches it, and neither
 * request nor response is kept alive by it. Nothing of the response may have been written. If a future
 * Node hides its parser, the stream still works and costs a little more memory.
 */
export const hijack = (request: IncomingMessage, response: ServerResponse): Socket => {
  const socket = request.socket as HttpSocket;
  response.detachSocket(socket);
  for (const event of EVENTS) socket.removeAllListeners(event);
  const { parser } = socket;
  if (parser) {
    parser.unconsume?.();
    parser.remove?.();
    socket.parser = null;
    Object.assign(request, { parser: null });
    // The parser may be on the stack below us.
    setImmediate(() => parser.close?.());
  }
  socket.setTimeout(0);
  socket.setNoDelay(true);
  return socket;
};
