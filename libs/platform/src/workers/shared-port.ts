import cluster from 'node:cluster';
import { createServer } from 'node:net';

type Place = { host: string; port: number };

/** Where the kernel spreads connections over sockets that share a port. */
const SPREADING: readonly string[] = ['linux', 'freebsd'];
const RETRY_MS = 100;

/**
 * How a worker listens. Each has a socket of its own at the common port, so what a worker that dies hasn't
 * accepted is refused at once. Where kernels can't, the primary accepts and hands out connections; then one
 * that was on its way to a worker that died waits in vain.
 */
export const sharing = ({ port }: Place, platform: string = process.platform): { reusePort?: true } =>
  cluster.isWorker && port !== 0 && SPREADING.includes(platform) ? { reusePort: true } : {};

const bind = ({ host, port }: Place): Promise<NodeJS.ErrnoException | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port }, () => server.close(() => resolve(null)));
  });

/**
 * Sockets that share a port share it with anybody's of the same account, also with those of a second copy
 * started by mistake. So it is taken alone first. The last ones of a predecessor get time to end. Resolves
 * with what is wrong, or null.
 */
export const portProblem = async (place: Place, timeoutMs = 3000): Promise<string | null> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const error = await bind(place);
    if (error === null) return null;
    if (error.code !== 'EADDRINUSE' || Date.now() > deadline)
      return `cannot listen at ${place.host}:${place.port}: ${error.code ?? error.message}`;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
};
