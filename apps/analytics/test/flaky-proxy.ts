import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** `down`: connections break. `mute`: requests get through, their replies are lost. */
type Mode = 'up' | 'down' | 'mute';

export type FlakyProxy = { url: string; set(mode: Mode): void; close(): Promise<void> };

/** Stands before a server and fails on demand. */
export const startFlakyProxy = async (target: string): Promise<FlakyProxy> => {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let mode: Mode = 'up';
  const server = createServer((client) => {
    if (mode === 'down') return void client.destroy();
    const upstream = connect(Number(port), hostname);
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        peer.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (data) => (mode === 'mute' ? client.destroy() : client.write(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (next) => {
      mode = next;
      if (next === 'down') breakAll();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        breakAll();
      }),
  };
};
