import { firstWords, type EngineProcess } from './engine-process.js';
import { startThrowaway, type EnginePlace } from './throwaway-engine.js';

/** A redis-server that keeps its data over a restart: `REDIS_SERVER_BIN`, else from PATH. */
export const startRedis = (place: EnginePlace = {}): Promise<EngineProcess> =>
  startThrowaway('redis', place, (port, storeDir) => ({
    program: process.env['REDIS_SERVER_BIN'] ?? 'redis-server',
    args: Object.entries({
      '--bind': '127.0.0.1',
      '--port': String(port),
      '--dir': storeDir,
      '--save': '',
      '--appendonly': 'yes',
      '--appendfsync': 'always',
    }).flat(),
    ready: async () => (await firstWords(port, 'PING\r\n')).startsWith('+PONG'),
  }));
