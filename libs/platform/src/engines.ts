import { connect } from 'node:net';

const reach = (url: URL): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = connect({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || defaultPorts[url.protocol] || 80),
      timeout: 2000,
    });
    const done = (problem: string | null) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => done(null));
    socket.once('timeout', () => done('timed out'));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
const defaultPorts: Record<string, number> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'nats:': 4222,
  'tls:': 4222,
  'redis:': 6379,
  'rediss:': 6379,
  'https:': 443,
};

/**
 * Waits for every engine's port, all at once, and returns one line for each that can't be reached in
 * time. Called before anything else starts, so that a missing engine is told, not discovered.
 */
export const unreachableEngines = async (
  engines: Record<string, string>,
  timeoutMs = 5000,
): Promise<string[]> => {
  const deadline = Date.now() + timeoutMs;
  const probe = async ([name, address]: [string, string]): Promise<string | null> => {
    const url = new URL(address);
    for (;;) {
      const problem = await reach(url);
      if (problem === null) return null;
      if (Date.now() > deadline) return `${name} is not reachable at ${url.host}: ${problem}`;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  return (await Promise.all(Object.entries(engines).map(probe))).filter((line) => line !== null);
};
