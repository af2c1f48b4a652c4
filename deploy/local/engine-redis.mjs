/** Redis, from the machine's redis-server. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

function configuration({ port, home, password, durable }) {
  return `# Written at each start; changes are lost.
bind 127.0.0.1
port ${port}
# Whoever can reach Redis can have it write files as its user: loopback alone is no protection from others on the machine.
requirepass ${password}
dir ${JSON.stringify(home)}
appendonly ${durable ? 'yes' : 'no'}
appendfsync everysec
save ""
maxmemory 512mb
# Sessions and limits must not vanish silently: a full Redis is an error, not a cache.
maxmemory-policy noeviction
daemonize no
`;
}

/** Answers PONG once the data is loaded. */
function pongs(port, password) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    let answer = '';
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (data) => {
      answer += data.toString();
      if (answer.split('\r\n').length > 2) socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(answer.includes('+PONG')));
  });
}

/**
 * @param {{ dataDir: string, port: number, password: string, program: string, durable: boolean }} options
 * @returns {{ url: string, spec: import('./managed-process.mjs').ProcessSpec }}
 */
export function redis({ dataDir, port, password, program, durable }) {
  const home = join(dataDir, 'redis');
  const file = join(home, 'redis.conf');
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    spec: {
      name: 'redis',
      command: program,
      args: [file],
      env: process.env,
      cwd: '/',
      prepare: async () => {
        mkdirSync(home, { recursive: true, mode: 0o700 });
        writeFileSync(file, configuration({ port, home, password, durable }), { mode: 0o600 });
      },
      ready: () => pongs(port, password),
    },
  };
}
