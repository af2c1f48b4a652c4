import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { typescriptArguments } from '#testing';

export type WorkerProcess = { pid: number; kill(signal?: NodeJS.Signals): Promise<void> };

/** Starts a script of this folder as a process of its own, which sends `ready` when it is. */
export const startWorkerProcess = async (
  script: string,
  env: Record<string, string>,
): Promise<WorkerProcess> => {
  const child: ChildProcess = fork(join(import.meta.dirname, script), [], {
    execArgv: [...typescriptArguments],
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  await Promise.race([
    once(child, 'message'),
    exited.then(() => Promise.reject(new Error(`${script} ended before it was ready`))),
  ]);
  return {
    pid: child.pid as number,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await exited;
    },
  };
};
