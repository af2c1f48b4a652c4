/** The five services: what each runs, needs and is told. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { answersOk } from './http-ready.mjs';
import { ROOT, nodeBin } from './paths.mjs';

export const SERVICES = /** @type {const} */ (['gateway', 'chat', 'notify', 'bot', 'analytics']);

/** What must be up before a service starts. `migrations` stands for the schema being current. */
const NEEDS = {
  gateway: ['redis', 'nats'],
  chat: ['postgres', 'nats', 'redis', 'migrations'],
  notify: ['nats', 'redis'],
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
  const all = SERVICES.filter((program) => program !== 'gateway').map((program) => [
    `${program.toUpperCase()}_URL`,
    of(program),
  ]);
  return {
    gateway: Object.fromEntries(all.map(([name, list]) => [name, list.join(',')])),
    service: Object.fromEntries(all.flatMap(([name, list]) => (list.length ? [[name, list[0]]] : []))),
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
    args: [...NODE_FLAGS, mainOf(name)],
    cwd: ROOT,
    env: {
      ...process.env,
      ...MEMORY_ENV,
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

/** Traces point at TypeScript lines. */
const NODE_FLAGS = ['--enable-source-maps'];

const MEMORY_ENV = {
  // glibc makes an arena per thread otherwise, and keeps what each once needed.
  MALLOC_ARENA_MAX: '2',
  // Compiled code is kept between starts: modules load in half the time.
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'parley', 'compile'),
};
