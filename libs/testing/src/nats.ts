import { firstWords, type EngineProcess } from './engine-process.js';
import { startThrowaway, type EnginePlace } from './throwaway-engine.js';

/** A nats-server with JetStream: `NATS_SERVER_BIN`, else from PATH. */
export const startNats = (place: EnginePlace = {}): Promise<EngineProcess> =>
  startThrowaway('nats', place, (port, storeDir) => ({
    program: process.env['NATS_SERVER_BIN'] ?? 'nats-server',
    args: ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', storeDir],
    ready: async () => (await firstWords(port)).startsWith('INFO'),
  }));
