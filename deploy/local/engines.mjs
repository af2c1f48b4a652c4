/** The four engines of an instance, started together. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './binaries.mjs';
import { clickhouse } from './engine-clickhouse.mjs';
import { nats } from './engine-nats.mjs';
import { postgres } from './engine-postgres.mjs';
import { redis } from './engine-redis.mjs';
import { choosePorts } from './ports.mjs';
import { secretsIn } from './secrets.mjs';

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
 * @param {readonly EngineName[]} [options.only]
 * @param {boolean} [options.durable] false: faster, for data nobody needs after a crash of the machine
 * @param {string} [options.portsFile]
 * @param {(line: string) => void} [options.say]
 * @returns {Promise<Record<string, { url: string, ready: Promise<void> }>>}
 */
export async function startEngines({
  supervisor,
  dataDir,
  only = ENGINES,
  durable = true,
  portsFile,
  say = () => undefined,
}) {
  mkdirSync(dataDir, { recursive: true });
  // Postgres runs as another user and has to get through; secrets have a closed folder of their own.
  chmodSync(dataDir, 0o711);
  const secrets = secretsIn(dataDir);
  const ports = await choosePorts([...only], portsFile ?? join(dataDir, 'ports.json'));
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
      return [name, { url, ready }];
    }),
  );
}
