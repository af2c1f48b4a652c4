import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { launch, pidOf, stop } from '../measure/children.ts';
import type { Endpoint, Target } from '../measure/subject.ts';

const SOURCES = import.meta.dirname;
const BINARIES = path.resolve(SOURCES, '../../.data/bench');

/** Above this share of one core the client itself may have been what limited the run. */
const BOTTLENECK = 0.9;

export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

interface Report {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Microseconds. */
  readonly latency: Latency;
}

export interface PostReport extends Report {
  readonly finished: number;
  readonly ok: number;
  readonly errors: number;
  readonly overdue: number;
  readonly statuses: Readonly<Record<string, number>>;
}

export interface StreamReport extends Report {
  readonly events: number;
  readonly bytes: number;
  readonly least: number;
  readonly most: number;
  readonly closed: number;
  /** Attempts answered with 429 or 503, or not at all, and repeated. */
  readonly refused: number;
}

export function wasBottleneck(report: Report): boolean {
  return report.cpuSeconds / report.seconds > BOTTLENECK;
}

/** Compiled on demand, because only a client in C was never the bottleneck at these rates. */
function compiled(name: 'post' | 'sse'): string {
  const binary = path.join(BINARIES, name);
  const newest = Math.max(
    ...[`${name}.c`, 'load.h'].map((file) => statSync(path.join(SOURCES, file)).mtimeMs),
  );
  if ((statSync(binary, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newest) return binary;
  mkdirSync(BINARIES, { recursive: true });
  try {
    execFileSync('gcc', ['-O2', '-o', binary, path.join(SOURCES, `${name}.c`)], { stdio: 'inherit' });
  } catch (error) {
    throw new Error('The load clients are C programs: install gcc (Debian: apt install gcc libc6-dev).', {
      cause: error,
    });
  }
  return binary;
}

function writeTargets(targets: readonly Target[]): { file: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-load-'));
  const file = path.join(folder, 'targets');
  // The file holds bearer tokens.
  writeFileSync(file, targets.map((target) => [target.path, ...target.headers].join('\t')).join('\n'), {
    mode: 0o600,
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A running load client: commands go in as lines, JSON lines come out. */
class LoadClient<R extends Report> {
  readonly #child: ChildProcess;
  readonly #waiting: {
    type: string;
    resolve: (message: Message) => void;
    reject: (reason: Error) => void;
  }[] = [];
  readonly #unclaimed: Message[] = [];
  readonly pid: number;
  onProgress: (events: number) => void = () => undefined;

  constructor(name: 'post' | 'sse', endpoint: Endpoint, options: Readonly<Record<string, string | number>>) {
    const { file, remove } = writeTargets(endpoint.targets);
    const settings = { port: endpoint.port, targets: file, ...options };
    this.#child = launch(
      compiled(name),
      Object.entries(settings).map(([key, value]) => `${key}=${value}`),
    );
    this.pid = pidOf(this.#child);
    this.#child.stdin?.on('error', () => undefined);
    if (this.#child.stdout === null) throw new Error('load client without output');
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
    this.#child.once('exit', (code) => {
      remove();
      for (const { reject } of this.#waiting.splice(0))
        reject(new Error(`load client ${name} ended with ${code}`));
    });
  }

  #take(line: string): void {
    if (line.startsWith('+')) {
      this.onProgress(Number(line.slice(1)));
      return;
    }
    const message = JSON.parse(line) as Message;
    const index = this.#waiting.findIndex(({ type }) => type === message.type);
    if (index >= 0) this.#waiting.splice(index, 1)[0]?.resolve(message);
    else this.#unclaimed.push(message);
  }

  next(type: string, timeoutMs: number): Promise<Message> {
    const index = this.#unclaimed.findIndex((message) => message.type === type);
    const found = index >= 0 ? this.#unclaimed.splice(index, 1)[0] : undefined;
    if (found) return Promise.resolve(found);
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    this.#waiting.push({ type, resolve, reject });
    const timer = setTimeout(
      () => reject(new Error(`no "${type}" from the load client in ${timeoutMs} ms`)),
      timeoutMs,
    );
    return promise.finally(() => clearTimeout(timer));
  }

  command(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Opens a measuring window: everything counts from zero. */
  mark(): void {
    this.command('mark');
  }

  async report(): Promise<R> {
    this.command('report');
    return (await this.next('report', 10_000)) as unknown as R;
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    await stop(this.#child, 'SIGTERM', 2_000);
  }
}

export type Poster = LoadClient<PostReport>;
export type Streams = LoadClient<StreamReport>;

export interface PostOptions {
  readonly connections: number;
  /** Messages per second in all; without it every connection sends as soon as it has its answer. */
  readonly rate?: number;
  readonly total?: number;
}

export async function startPosting(endpoint: Endpoint, options: PostOptions): Promise<Poster> {
  const client: Poster = new LoadClient('post', endpoint, { ...options });
  await client.next('ready', 10_000);
  return client;
}

export interface StreamOptions {
  readonly connections: number;
  readonly ready?: string | undefined;
  readonly stamps?: boolean;
  readonly feedback?: boolean;
  readonly expect?: number;
  /** Streams being opened at a time; all at once without it. */
  readonly ramp?: number;
}

/** Clients that have no reason to come all at once. */
const POLITE = 200;

/** Starts connecting; `next('ready')` and `next('complete')` tell when all streams are there. */
export function connectStreams(endpoint: Endpoint, options: StreamOptions): Streams {
  const { connections, ready, stamps, feedback, expect, ramp } = options;
  return new LoadClient('sse', endpoint, {
    connections,
    ...(ready === undefined ? {} : { ready }),
    ...(expect === undefined ? {} : { expect }),
    ...(ramp === undefined ? {} : { ramp }),
    stamps: Number(stamps ?? false),
    feedback: Number(feedback ?? false),
  });
}

export async function openStreams(endpoint: Endpoint, options: StreamOptions): Promise<Streams> {
  const streams = connectStreams(endpoint, { ramp: POLITE, ...options });
  try {
    await streams.next('ready', 30_000);
    return streams;
  } catch (error) {
    await streams.close();
    throw error;
  }
}
