import type { Health } from '#platform';

const TIMEOUT_MS = 1500;

const isLive = async (base: string): Promise<void> => {
  const reply = await fetch(`${base}/health/live`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (error: Error) => {
      throw new Error(`${base}: ${(error.cause as Error | undefined)?.message ?? error.message}`);
    },
  );
  await reply.body?.cancel();
  if (!reply.ok) throw new Error(`${base}: status ${reply.status}`);
};

/**
 * A service is up while one of its processes is. Only chat makes the gateway unready: without notify or
 * analytics people still read and write. Each process has its own line when there are several.
 */
export const checkUpstreams = (
  health: Health,
  upstreams: Readonly<Record<string, readonly string[]>>,
): void => {
  for (const [service, bases] of Object.entries(upstreams)) {
    health.add(service, () => Promise.any(bases.map(isLive)).catch(firstError), {
      required: service === 'chat',
    });
    if (bases.length < 2) continue;
    for (const base of bases)
      health.add(`${service} ${new URL(base).host}`, () => isLive(base), { required: false });
  }
};

const firstError = (error: AggregateError): never => {
  throw error.errors[0];
};
