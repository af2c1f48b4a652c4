import type { Socket } from 'node:net';
import { followStream, frame } from './events.ts';
import { announce, readSettings } from './settings.ts';
import { serveStreams, writeShared } from './stream-server.ts';

/** The bare coalescing broadcaster: every event to every socket, one write per socket and tick. No routing. */
const settings = readSettings();
const sockets = new Set<Socket>();
let pending: Buffer[] = [];

function flush(): void {
  const chunk = Buffer.concat(pending);
  pending = [];
  writeShared(sockets, chunk);
}

await followStream(settings.natsUrl, settings.stream, (seq, payload) => {
  if (pending.length === 0) setImmediate(flush);
  pending.push(frame(seq, payload));
});

const port = await serveStreams((socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  return true;
});
announce(port);
