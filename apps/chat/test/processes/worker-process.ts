import { join } from 'node:path';
import { startScript, type ScriptProcess } from '#testing';

/** Starts a script of this folder as a process of its own, which sends `ready` when it is. */
export const startWorkerProcess = (script: string, env: Record<string, string>): Promise<ScriptProcess> =>
  startScript(join(import.meta.dirname, script), env);
export type { ScriptProcess as WorkerProcess } from '#testing';
