import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { typescriptArguments } from './typescript-process.js';

/** `ready`: what the script sent when it was. */
export type ScriptProcess = { pid: number; ready: unknown; kill(signal?: NodeJS.Signals): Promise<void> };

/** Starts a TypeScript file as a process of its own, which sends a message when it is ready. */
export const startScript = async (file: string, env: Record<string, string>): Promise<ScriptProcess> => {
  const child: ChildProcess = fork(file, [], {
    execArgv: [...typescriptArguments],
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [ready] = (await Promise.race([
    once(child, 'message'),
    exited.then(() => Promise.reject(new Error(`${basename(file)} ended before it was ready`))),
  ])) as [unknown];
  return {
    pid: child.pid as number,
    ready,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await exited;
    },
  };
};
