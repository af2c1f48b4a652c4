/**
 * A complete Parley on this machine: engines and services as separate processes on loopback. `npm start`,
 * the end-to-end tests and the benchmarks all start it here.
 */
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINES, URL_VARIABLES, startEngines } from './engines.mjs';
import { ROOT, childEnv, nodeBin } from './paths.mjs';
import { choosePorts } from './ports.mjs';
import { deleteData } from './postgres-place.mjs';
import { Progress } from './progress.mjs';
import { Problem, must } from './run.mjs';
import { secretsIn } from './secrets.mjs';
import { SERVICES, needsOf, serviceSpec } from './services.mjs';
import { Supervisor } from './supervisor.mjs';

export { findProgram } from './binaries.mjs';
export { ENGINES, SERVICES };

/** Options and result are described in instance.d.mts. */
export async function startInstance({
  dataDir,
  services = SERVICES,
  engines: wanted = ENGINES,
  external = {},
  env = {},
  port,
  host,
  publicUrl,
  durable = true,
  restart = false,
  quiet = true,
  progress = new Progress({ quiet }),
  built = Promise.resolve(),
  signal,
} = {}) {
  // Handled where it is awaited, which is later than it may fail.
  built.catch(() => undefined);
  const temporary = dataDir === undefined;
  const home = dataDir ?? mkdtempSync(join(tmpdir(), 'parley-'));
  mkdirSync(home, { recursive: true });
  // Postgres runs as another user and has to get through; secrets have a closed folder of their own.
  chmodSync(home, 0o711);
  const logDir = join(home, 'logs');
  const only = wanted.filter((name) => !external[name]);
  const ports = await choosePorts([...only, ...services], join(home, 'ports.json'));
  if (port) ports.gateway = port;
  const urls = Object.fromEntries(services.map((name) => [name, `http://127.0.0.1:${ports[name]}`]));
  const secrets = secretsIn(home);
  const supervisor = new Supervisor({ logDir, restart, say: progress.say });

  let stopped;
  const stop = () =>
    (stopped ??= supervisor
      .stopAll((name) => (services.includes(name) ? 'services' : 'engines'))
      .then(() => (temporary ? deleteData(home) : undefined)));
  const aborted = new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Problem('stopped')), { once: true });
  });
  aborted.catch(() => undefined);

  try {
    const started = startEngines({
      supervisor,
      dataDir: home,
      ports,
      secrets,
      only,
      durable,
      say: progress.say,
    });
    const given = Object.entries(external).map(([name, url]) => [name, { url, ready: Promise.resolve() }]);
    const engines = { ...started, ...Object.fromEntries(given) };
    const shared = {
      ...Object.fromEntries(Object.entries(engines).map(([name, { url }]) => [URL_VARIABLES[name], url])),
      AUTH_SIGNING_KEY_FILE: process.env.AUTH_SIGNING_KEY_FILE || secrets.file('auth-signing-key'),
      BOT_CLIENT_SECRET_FILE: process.env.BOT_CLIENT_SECRET_FILE || secrets.file('bot-client-secret'),
      PUBLIC_URL: publicUrl ?? urls.gateway?.replace('127.0.0.1', 'localhost') ?? 'http://localhost',
    };
    const allEngines = progress.step(
      'engines',
      () => Promise.all(Object.values(engines).map(({ ready }) => ready)),
      () => [...only, ...given.map(([name]) => `${name} (given)`)].join(', '),
    );
    const ready = {
      migrations: undefined,
      ...Object.fromEntries(Object.entries(engines).map(([name, one]) => [name, one.ready])),
    };
    const withDatabase = engines.postgres && services.some((name) => needsOf(name).includes('migrations'));
    ready.migrations = withDatabase
      ? Promise.all([engines.postgres.ready, built]).then(() =>
          progress.step('migrate', () => migrate({ ...shared, ...env })),
        )
      : Promise.resolve();
    const timings = [];
    const run = async (name) => {
      await Promise.all([built, ...needsOf(name).map((need) => ready[need])]);
      const since = performance.now();
      await supervisor.run(serviceSpec({ name, urls, shared, env, host }));
      timings.push(`${name} ${((performance.now() - since) / 1000).toFixed(1)} s`);
    };
    const running = services.map(run);
    // The first failure is told; the others are its consequences.
    await Promise.race([aborted, Promise.all([allEngines, ready.migrations, built, ...running])]);
    if (services.length) progress.say(`  services     ${timings.join(', ')}`);

    return {
      url: urls.gateway,
      urls,
      engines: Object.fromEntries(
        Object.entries(engines).map(([name, { url, port: at }]) => [name, { url, port: at }]),
      ),
      env: { ...shared, ...env },
      dataDir: home,
      logDir,
      get pids() {
        return supervisor.pids;
      },
      kill: (name, by) => supervisor.kill(name, by),
      start: (name) => supervisor.start(name),
      restart: (name) => supervisor.stop(name).then(() => supervisor.start(name)),
      supervisor,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Brings the schema up to date. */
function migrate(env) {
  return must(nodeBin(), [join(ROOT, 'dist', 'apps', 'chat', 'src', 'migrate.js')], {
    cwd: ROOT,
    env: childEnv(env),
  });
}
