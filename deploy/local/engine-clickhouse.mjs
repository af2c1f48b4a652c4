/** ClickHouse for one machine: the sidecar process around npm `chdb`. */
import { join } from 'node:path';
import { ROOT, nodeBin } from './paths.mjs';
import { answersOk } from './http-ready.mjs';

/**
 * @param {{ dataDir: string, port: number }} options
 * @returns {{ url: string, spec: import('./managed-process.mjs').ProcessSpec }}
 */
export function clickhouse({ dataDir, port }) {
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    spec: {
      name: 'clickhouse',
      command: nodeBin(),
      args: [
        join(ROOT, 'deploy', 'local', 'clickhouse-sidecar.mjs'),
        '--port',
        String(port),
        '--data',
        join(dataDir, 'clickhouse'),
      ],
      env: { ...process.env, TZ: 'UTC' },
      cwd: ROOT,
      ready: () => answersOk(`${url}/ping`),
    },
  };
}
