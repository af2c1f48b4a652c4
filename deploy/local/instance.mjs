/**
 * A complete Parley on this machine: engines and services as separate processes on loopback. `npm start`,
 * the end-to-end tests and the benchmarks all start it here. Types are in instance.d.mts.
 */
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINES, URL_VARIABLES, startEngines } from './engines.mjs';
import { choosePorts } from './ports.mjs';
import { deleteData } from './postgres-place.mjs';
import { Progress } from './progress.mjs';
import { Problem } from './run.mjs';
import { secretsIn } from './secrets.mjs';
import { SERVICES, startServices } from './services.mjs';
import { Supervisor } from './supervisor.mjs';

export { findProgram } from './binaries.mjs';
export { migrate } from './migrations.mjs';
export { ENGINES, SERVICES };

/** @param {string | undefined} dataDir */
function openHome(dataDir) {
  const home = dataDir ?? mkdtempSync(join(tmpdir(), 'parley-'));
  mkdirSync(home, { recursive: true });
  // Postgres runs as another user and has to get through; secrets have a closed folder of their own.
  chmodSync(home, 0o711);
  return home;
}

/** What every service is told. */
function sharedEnvironment(engines, secrets, publicUrl, home) {
  return {
    ...Object.fromEntries(Object.entries(engines).map(([name, { url }]) => [URL_VARIABLES[name], url])),
    SECRETS_KEY_FILE: process.env.SECRETS_KEY_FILE || secrets.file('secrets-key'),
    AUTH_SIGNING_KEY_FILE: process.env.AUTH_SIGNING_KEY_FILE || secrets.file('auth-signing-key'),
    BOT_CLIENT_SECRET_FILE: process.env.BOT_CLIENT_SECRET_FILE || secrets.file('bot-client-secret'),
    VAPID_PRIVATE_KEY_FILE: process.env.VAPID_PRIVATE_KEY_FILE || secrets.file('vapid-private-key'),
    MAIL_LINK_KEY_FILE: process.env.MAIL_LINK_KEY_FILE || secrets.file('mail-link-key'),
    PUBLIC_URL: publicUrl,
    MAIL_DIR: process.env.MAIL_DIR || join(home, 'mail'),
  };
}

/** Rejects when the signal aborts; never resolves. */
export function rejectOnAbort(signal) {
  const aborted = new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Problem('stopped')), { once: true });
  });
  aborted.catch(() => undefined);
  return aborted;
}

/**
 * @param {import('./instance.d.mts').InstanceOptions} [options]
 * @returns {Promise<import('./instance.d.mts').Instance>}
 */
export async function startInstance(options = {}) {
  const {
    services = SERVICES,
    engines: wanted = ENGINES,
    external = {},
    env = {},
    built = Promise.resolve(),
  } = options;
  // Handled where it is awaited, which is later than it may fail.
  built.catch(() => undefined);
  const progress = options.progress ?? new Progress({ quiet: options.quiet ?? true });
  const home = openHome(options.dataDir);
  const logDir = join(home, 'logs');
  const only = wanted.filter((name) => !external[name]);
  const ports = await choosePorts([...only, ...services], join(home, 'ports.json'));
  if (options.port) ports.gateway = options.port;
  const urls = Object.fromEntries(services.map((name) => [name, `http://127.0.0.1:${ports[name]}`]));
  const secrets = secretsIn(home);
  const supervisor = new Supervisor({ logDir, restart: options.restart ?? false, say: progress.say });

  if (!options.dataDir) supervisor.reaper.deleteAfterwards(home);

  let stopping;
  const stop = async () => {
    await supervisor.stopAll((name) => (wanted.includes(/** @type {any} */ (name)) ? 'engines' : 'services'));
    if (!options.dataDir) deleteData(home);
  };
  const stopOnce = () => (stopping ??= stop());

  try {
    const started = startEngines({
      supervisor,
      dataDir: home,
      ports,
      secrets,
      only,
      durable: options.durable ?? true,
      say: progress.say,
    });
    const given = Object.fromEntries(
      Object.entries(external).map(([name, url]) => [
        name,
        { url, port: undefined, ready: Promise.resolve() },
      ]),
    );
    const engines = { ...started, ...given };
    const shared = sharedEnvironment(
      engines,
      secrets,
      options.publicUrl ?? `http://localhost:${ports.gateway ?? ''}`,
      home,
    );
    const enginesReady = progress.step(
      'engines',
      () => Promise.all(Object.values(engines).map(({ ready }) => ready)),
      () => [...only, ...Object.keys(given).map((name) => `${name} (given)`)].join(', '),
    );
    const servicesReady = startServices({
      supervisor,
      progress,
      services,
      urls,
      shared,
      env,
      host: options.host,
      engines,
      built,
    });
    const addresses = /** @type {import('./instance.d.mts').Instance['engines']} */ (
      Object.fromEntries(Object.entries(engines).map(([name, { url, port }]) => [name, { url, port }]))
    );
    // The first failure is told; the others are its consequences.
    await Promise.race([rejectOnAbort(options.signal), Promise.all([enginesReady, built, servicesReady])]);
    return {
      url: urls.gateway,
      urls,
      engines: addresses,
      env: { ...shared, ...env },
      dataDir: home,
      logDir,
      get pids() {
        return supervisor.pids;
      },
      run: (spec) => supervisor.run(spec),
      kill: (name, signal) => supervisor.kill(name, signal),
      start: (name) => supervisor.start(name),
      restart: (name) => supervisor.stop(name).then(() => supervisor.start(name)),
      stop: stopOnce,
    };
  } catch (error) {
    await stopOnce();
    throw error;
  }
}
