import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface StreamRequest {
  readonly token: string;
  readonly lastEventId: string | null;
}

const HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: keep-alive\r\n\r\n';

/** A client that is this far behind is dropped: it resumes by its last event id. */
export const MAX_BEHIND_BYTES = 4 * 2 ** 20;

function header(head: string, name: string): string | null {
  return new RegExp(`^${name}: *(.*)\r$`, 'im').exec(head)?.[1] ?? null;
}

/**
 * Event streams on bare sockets: the least that still is HTTP. `accept` returns false for a stranger; what it writes
 * comes after the response head.
 */
export async function serveStreams(
  accept: (socket: Socket, request: StreamRequest) => boolean,
): Promise<number> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    let head = '';
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      socket.resume();
      const token = header(head, 'authorization')?.slice(7) ?? '';
      socket.write(HEAD);
      if (!accept(socket, { token, lastEventId: header(head, 'last-event-id') })) socket.destroy();
    };
    socket.on('data', onData);
  });
  server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** One write of one shared buffer; a socket that does not drain is dropped. */
export function writeShared(sockets: Iterable<Socket>, chunk: Buffer): void {
  for (const socket of sockets) {
    if (socket.writableLength > MAX_BEHIND_BYTES) socket.destroy();
    else socket.write(chunk);
  }
}
