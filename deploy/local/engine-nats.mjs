/** NATS with JetStream, from the machine's nats-server. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Servers before 2.10 don't know `sync_interval` and refuse a configuration that names it. */
function knowsSyncInterval(program) {
  const version = /v(\d+)\.(\d+)/.exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '');
  return version !== null && (Number(version[1]) > 2 || Number(version[2]) >= 10);
}

function configuration({ port, store, syncInterval }) {
  return `# Written at each start; changes are lost.
server_name: parley-local
listen: "127.0.0.1:${port}"
max_payload: 1MB
# A subscriber that lags by this much is dropped instead of growing the server.
max_pending: 64MB
jetstream {
  store_dir: ${JSON.stringify(store)}
  max_memory_store: 64MB
  max_file_store: 20GB
${syncInterval ? '  # Acks come before the disk has the data; the default lets two minutes pass, one second costs little.\n  sync_interval: "1s"\n' : ''}}
`;
}

/** The server greets each client with its INFO, once JetStream has recovered its streams. */
function greets(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('INFO'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/**
 * @param {{ dataDir: string, port: number, program: string }} options
 * @returns {{ url: string, spec: import('./managed-process.mjs').ProcessSpec }}
 */
export function nats({ dataDir, port, program }) {
  const home = join(dataDir, 'nats');
  const file = join(home, 'nats.conf');
  return {
    url: `nats://127.0.0.1:${port}`,
    spec: {
      name: 'nats',
      command: program,
      args: ['-c', file],
      env: process.env,
      cwd: '/',
      prepare: async () => {
        mkdirSync(home, { recursive: true });
        writeFileSync(file, configuration({ port, store: home, syncInterval: knowsSyncInterval(program) }));
      },
      ready: () => greets(port),
    },
  };
}
