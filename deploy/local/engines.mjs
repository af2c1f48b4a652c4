/** The four engines of an instance, started together. */
import { findProgram } from './binaries.mjs';
import { clickhouse } from './engine-clickhouse.mjs';
import { nats } from './engine-nats.mjs';
import { postgres } from './engine-postgres.mjs';
import { redis } from './engine-redis.mjs';

export const ENGINES = /** @type {const} */ (['postgres', 'nats', 'redis', 'clickhouse']);
/** @typedef {typeof ENGINES[number]} EngineName */

/** Every engine's URL is known to services, and to --external, under this variable. */
export const URL_VARIABLES = {
  postgres: 'POSTGRES_URL',
  nats: 'NATS_URL',
  redis: 'REDIS_URL',
  clickhouse: 'CLICKHOUSE_URL',
};

/**
 * Starts engines; each is ready by its own promise, so that nobody waits for an engine it doesn't use.
 * @param {object} options
 * @param {import('./supervisor.mjs').Supervisor} options.supervisor
 * @param {string} options.dataDir
 * @param {Record<string, number>} options.ports
 * @param {ReturnType<typeof import('./secrets.mjs').secretsIn>} options.secrets
 * @param {readonly EngineName[]} options.only
 * @param {boolean} options.durable false: faster, for data nobody needs after a crash of the machine
 * @param {(line: string) => void} options.say
 * @returns {Record<string, { url: string, port: number, ready: Promise<void> }>}
 */
export function startEngines({ supervisor, dataDir, ports, secrets, only, durable, say }) {
  /** @type {Record<EngineName, () => { url: string, spec: import('./managed-process.mjs').ProcessSpec }>} */
  const make = {
    postgres: () =>
      postgres({ dataDir, port: ports.postgres, password: secrets.read('postgres-password'), durable, say }),
    nats: () => nats({ dataDir, port: ports.nats, program: findProgram('nats-server') }),
    redis: () =>
      redis({
        dataDir,
        port: ports.redis,
        password: secrets.read('redis-password'),
        program: findProgram('redis-server'),
        durable,
      }),
    clickhouse: () => clickhouse({ dataDir, port: ports.clickhouse }),
  };
  const engines = only.map((name) => ({ name, ...make[name]() }));
  return Object.fromEntries(
    engines.map(({ name, url, spec }) => {
      const ready = supervisor.run(spec);
      ready.catch(() => undefined);
      return [name, { url, port: ports[name], ready }];
    }),
  );
}
