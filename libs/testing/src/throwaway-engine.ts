import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, type EngineCommand, type EngineProcess, freePort } from './engine-process.js';

export type EnginePlace = { port?: number; storeDir?: string };

/** Starts an engine with a folder and a port of its own, unless they are given. */
export const startThrowaway = async (
  name: string,
  place: EnginePlace,
  command: (port: number, storeDir: string) => EngineCommand,
): Promise<EngineProcess> => {
  const port = place.port ?? (await freePort());
  const storeDir = place.storeDir ?? (await mkdtemp(join(tmpdir(), `parley-${name}-`)));
  const engine = new Engine(command(port, storeDir));
  const discard = async () => {
    await engine.kill('SIGKILL');
    if (place.storeDir === undefined) await rm(storeDir, { recursive: true, force: true });
  };
  try {
    await engine.start();
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    url: `${name}://127.0.0.1:${port}`,
    port,
    storeDir,
    get pid() {
      return engine.pid;
    },
    kill: (signal) => engine.kill(signal),
    restart: () => engine.restart(),
    stop: discard,
  };
};
