import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<ChildProcess>();
const cleanups = new Set<() => Promise<void>>();

/** Aborted when the benchmarks are interrupted. */
export const interruption = new AbortController();

/** What has to happen even if the benchmarks are interrupted; repeating it must do no harm. */
export function cleanUpWith(cleanup: () => Promise<void>): void {
  cleanups.add(cleanup);
}

/** Every process the benchmarks start goes through here, so that none outlives them. */
export function launch(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error(`could not start ${child.spawnfile}`);
  return child.pid;
}

export async function stop(
  child: ChildProcess,
  signal: NodeJS.Signals = 'SIGTERM',
  graceMs = 5_000,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  // A process that was paused would never see the signal.
  child.kill('SIGCONT');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}

export async function stopAll(): Promise<void> {
  await Promise.all([...running].reverse().map((child) => stop(child)));
  await Promise.allSettled([...cleanups].map((cleanup) => cleanup()));
}

/** Resolves with the first line of output that matches; fails if the process ends before. */
export function outputLine(
  child: ChildProcess,
  pattern: RegExp,
  timeoutMs = 20_000,
): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
  let seen = '';
  const timer = setTimeout(
    () => reject(new Error(`${child.spawnargs.join(' ')}: not ready\n${seen}`)),
    timeoutMs,
  );
  child.once('exit', (code) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${code}\n${seen}`)));
  child.once('error', reject);
  child.stdout?.on('data', (chunk: Buffer) => {
    if (seen.length < 64_000) seen += chunk.toString();
    const match = pattern.exec(seen);
    if (match) resolve(match);
  });
  return promise.finally(() => clearTimeout(timer));
}
