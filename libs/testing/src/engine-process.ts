import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A throwaway engine. `kill` and `restart` play its outages; the data survives them, not `stop`. */
export type EngineProcess = {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly storeDir: string;
  /** Resolves once the process is gone (or has got a signal that does not end it). */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again at the same port with the same data, first ending it when it runs. */
  restart(): Promise<void>;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
};

export type EngineCommand = {
  program: string;
  args: string[];
  ready: () => Promise<boolean>;
};

const READY_WITHIN_MS = 15_000;
const ENDING: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'];

/** Ends a process when ours ends without having done so (kill -9, a crash): the pipe closes then. */
const guard = (pid: number): (() => void) => {
  const watcher = spawn('sh', ['-c', 'read -r _; kill -9 "$1"', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Not in our process group, whose signals would end it first.
    detached: true,
  });
  watcher.unref();
  (watcher.stdin as Socket).unref();
  return () => void watcher.kill('SIGKILL');
};

/** Runs one program; the caller decides about ports and data. */
export class Engine {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly command: EngineCommand) {}

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.command.program} does not run`);
    return this.child.pid;
  }

  async start(): Promise<void> {
    const { program, args, ready } = this.command;
    let log = '';
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [child.stdout, child.stderr])
      output.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
    this.child = child;
    const dismiss = child.pid === undefined ? () => undefined : guard(child.pid);
    this.ended = new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', (error) => {
        log += error.message;
        resolve();
      });
    });
    let gone = false;
    void this.ended.then(() => {
      gone = true;
      dismiss();
    });
    const deadline = Date.now() + READY_WITHIN_MS;
    // Asked in this order: an answer of whoever else has the port is not one of ours.
    while (!(await ready()) || gone) {
      if (gone || Date.now() > deadline) {
        await this.kill('SIGKILL');
        throw new Error(`${program} did not start:\n${log}`);
      }
      await delay(20);
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child === undefined) return;
    this.child.kill(signal);
    if (!ENDING.includes(signal)) return;
    await this.ended;
    this.child = undefined;
  }

  async restart(): Promise<void> {
    await this.kill('SIGTERM');
    await this.start();
  }
}

/** Below it the kernel takes no source ports, so an engine finds its port free when it comes back. */
const lowestEphemeral = (): number => {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]);
  } catch {
    return 49_152;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

export const freePort = async (): Promise<number> => {
  const first = 10_000;
  for (;;) {
    const port = first + Math.floor(Math.random() * (lowestEphemeral() - first));
    if (await isFree(port)) return port;
  }
};

/** What a server says first, after `greeting` was sent to it; empty when it can't be reached. */
export const firstWords = (port: number, greeting = ''): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(greeting));
    const done = (words: string) => {
      socket.destroy();
      resolve(words);
    };
    socket.setTimeout(1000, () => done(''));
    socket.once('data', (data) => done(data.toString()));
    socket.once('error', () => done(''));
    socket.once('close', () => resolve(''));
  });
