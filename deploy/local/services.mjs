/** The five services: what each runs, needs and is told. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { answersOk } from './http-ready.mjs';
import { isCurrent, migrate } from './migrations.mjs';
import { NODE_MODULES, ROOT, nodeBin } from './paths.mjs';

export const SERVICES = /** @type {const} */ (['gateway', 'chat', 'notify', 'bot', 'analytics']);

/** What must be up before a service starts. `migrations` stands for the schema being current. */
const NEEDS = {
  gateway: ['redis', 'nats'],
  chat: ['postgres', 'nats', 'redis', 'migrations'],
  notify: ['postgres', 'nats', 'redis', 'migrations'],
  bot: ['nats', 'redis'],
  analytics: ['nats', 'clickhouse'],
};

/** `notify-2` is a second notify: the program behind a process name. @param {string} name */
export const programOf = (name) => /** @type {keyof typeof NEEDS} */ (name.replace(/-\d+$/, ''));

/** @param {string} name */
export const needsOf = (name) => NEEDS[programOf(name)];

export const mainOf = (name) => join(ROOT, 'dist', 'apps', programOf(name), 'src', 'main.js');

/** Where upstreams are, as the gateway and the services want it. */
function upstreams(urls) {
  const of = (program) =>
    Object.keys(urls)
      .filter((name) => programOf(name) === program)
      .map((name) => urls[name]);
  const programs = SERVICES.filter((program) => program !== 'gateway');
  const variable = (program) => `${program.toUpperCase()}_URL`;
  return {
    gateway: Object.fromEntries(programs.map((program) => [variable(program), of(program).join(',')])),
    service: Object.fromEntries(
      programs.flatMap((program) => (of(program).length ? [[variable(program), of(program)[0]]] : [])),
    ),
  };
}

/**
 * @param {object} options
 * @param {string} options.name
 * @param {Record<string, string>} options.urls of every service
 * @param {Record<string, string>} options.shared environment all services get
 * @param {NodeJS.ProcessEnv} [options.env] the caller's, which wins
 * @param {string} [options.host]
 * @returns {import('./managed-process.mjs').ProcessSpec}
 */
export function serviceSpec({ name, urls, shared, env = {}, host = '127.0.0.1' }) {
  const { gateway, service } = upstreams(urls);
  const isGateway = programOf(name) === 'gateway';
  const web = join(ROOT, 'apps', 'web', 'dist');
  return {
    name,
    command: nodeBin(),
    args: [mainOf(name)],
    cwd: ROOT,
    env: {
      ...process.env,
      ...RUNTIME_ENV,
      NODE_ENV: 'production',
      ...shared,
      ...(isGateway ? gateway : service),
      ...(isGateway && existsSync(web) ? { WEB_DIR: web } : {}),
      ...env,
      HOST: isGateway ? host : '127.0.0.1',
      PORT: new URL(urls[name]).port,
    },
    ready: () => answersOk(`${urls[name]}/health/ready`),
  };
}

export const RUNTIME_ENV = {
  // glibc makes an arena per thread otherwise, and keeps what each once needed.
  MALLOC_ARENA_MAX: '2',
  // Compiled modules are kept between starts: a sixth less CPU each time.
  NODE_COMPILE_CACHE: join(NODE_MODULES, '.cache', 'parley'),
};

/** Starts each service once what it needs is ready; all at the same time otherwise. */
export async function startServices({
  supervisor,
  progress,
  services,
  urls,
  shared,
  env,
  host,
  engines,
  built,
}) {
  const uses = (need) => services.some((name) => needsOf(name).includes(need));
  const bringUpToDate = async () => {
    const current = await isCurrent(shared.POSTGRES_URL);
    if (!current) await migrate({ ...RUNTIME_ENV, ...shared, ...env });
    return current;
  };
  const migrated =
    engines.postgres && uses('migrations')
      ? Promise.all([engines.postgres.ready, built]).then(() =>
          progress.step('migrate', bringUpToDate, (current) =>
            current ? 'up to date' : 'brought up to date',
          ),
        )
      : Promise.resolve();
  const timings = [];
  const start = async (name) => {
    const needs = needsOf(name).map((need) => (need === 'migrations' ? migrated : engines[need]?.ready));
    await Promise.all([built, ...needs]);
    const since = performance.now();
    await supervisor.run(serviceSpec({ name, urls, shared, env, host }));
    timings.push(`${name} ${((performance.now() - since) / 1000).toFixed(1)} s`);
  };
  await Promise.all([migrated, ...services.map(start)]);
  if (services.length) progress.say(`✓ services                ${timings.join(', ')}`);
}
