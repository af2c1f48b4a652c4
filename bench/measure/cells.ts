import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  openStreams,
  startPosting,
  wasBottleneck,
  type PostReport,
  type Streams,
  type StreamReport,
} from '../load/clients.ts';
import { interruption } from './children.ts';
import type { Measurements } from './measurements.ts';
import { watchCpu, type CpuUse } from './processes.ts';
import type { Subject } from './subject.ts';

/** Events on their way at once while fan-out is saturated. Many more would measure copying, one the round trip. */
export const IN_FLIGHT = 8;

export interface Cell {
  readonly post?: PostReport;
  readonly streams: StreamReport;
  readonly cpu: CpuUse;
}

/** Notes what makes a run worthless or suspicious. True when its figures may be used. */
export function isSound(name: string, cell: Cell, measured: Measurements): boolean {
  const { post, streams } = cell;
  const complain = (what: string) => measured.problems.add(`${name}: ${what}`);
  if (post) {
    const refused = Object.entries(post.statuses).filter(([status]) => !status.startsWith('2'));
    if (refused.length > 0)
      complain(`answers other than 2xx: ${JSON.stringify(Object.fromEntries(refused))}`);
    if (post.errors > 0) complain(`${post.errors} broken connections while sending`);
  }
  if (streams.closed > 0) complain(`${streams.closed} streams were closed`);
  if (streams.refused > 0) complain(`${streams.refused} attempts to open a stream were refused and repeated`);
  const load = streams.cpuSeconds + (post?.cpuSeconds ?? 0);
  measured.disturbance.push((cell.cpu.rest - load) / streams.seconds / os.availableParallelism());
  const bottleneck = wasBottleneck(streams) || (post !== undefined && wasBottleneck(post));
  if (bottleneck) complain('a run was invalid: the load client used more than 90 % of a core');
  return !bottleneck;
}

/** A subject that cannot even be measured leaves a complaint and the others go on. */
export async function attempt(
  name: string,
  measured: Measurements,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (interruption.signal.aborted) throw error;
    measured.problems.add(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Adds CPU per message of every process, load clients included, in microseconds. */
export function addCpu(name: string, cell: Cell, messages: number, measured: Measurements): void {
  const load = cell.streams.cpuSeconds + (cell.post?.cpuSeconds ?? 0);
  for (const [process, seconds] of [...Object.entries(cell.cpu.byProcess), ['load', load] as const])
    measured.add(name, `cpu ${process}`, (seconds * 1e6) / messages);
}

/** Waits until nothing arrives any more, so that a backlog is not charged to whoever is measured next. */
async function settle(streams: Streams): Promise<void> {
  let before = -1;
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const { events } = await streams.report();
    if (events === before) return;
    before = events;
    await sleep(250);
  }
}

export interface SendOptions {
  readonly senders: number;
  readonly subscribers: number;
  readonly rate?: number;
  readonly warmUpMs: number;
  readonly seconds: number;
}

/** POSTs and streams at once, in a window in the middle of a steady load. */
export async function measureSending(subject: Subject, options: SendOptions): Promise<Cell> {
  const { senders, subscribers, rate, warmUpMs, seconds } = options;
  const streams = await openStreams(subject.streams, {
    connections: subscribers,
    ready: subject.readyEvent,
    stamps: true,
  });
  const poster = await startPosting(subject.send, {
    connections: senders,
    ...(rate === undefined ? {} : { rate }),
  });
  try {
    poster.mark();
    await sleep(warmUpMs);
    poster.mark();
    streams.mark();
    const cpu = watchCpu(subject.processes);
    await sleep(seconds * 1_000);
    const [post, stream] = await Promise.all([poster.report(), streams.report()]);
    const cell = { post, streams: stream, cpu: cpu() };
    poster.command('stop');
    await settle(streams);
    return cell;
  } finally {
    await Promise.all([poster.close(), streams.close()]);
  }
}

export interface FanOutOptions {
  readonly connections: number;
  readonly warmUpMs: number;
  readonly seconds: number;
}

/** Keeps a fixed number of events in flight, so that the sockets are saturated and no queue grows without end. */
export async function measureFanOut(subject: Subject, options: FanOutOptions): Promise<Cell> {
  const { connections, warmUpMs, seconds } = options;
  const { feed } = subject;
  if (feed === undefined) throw new Error(`${subject.name} cannot be fed`);
  const streams = await openStreams(subject.streams, {
    connections,
    ready: subject.readyEvent,
    feedback: true,
  });
  let fed = 0;
  let stopped = false;
  const keepInFlight = (arrived: number) => {
    for (; !stopped && fed < arrived + IN_FLIGHT; fed += 1) feed();
  };
  try {
    streams.onProgress = keepInFlight;
    keepInFlight(0);
    await sleep(warmUpMs);
    streams.mark();
    const cpu = watchCpu(subject.processes);
    await sleep(seconds * 1_000);
    const stream = await streams.report();
    const cell = { streams: stream, cpu: cpu() };
    stopped = true;
    await settle(streams);
    return cell;
  } finally {
    stopped = true;
    await streams.close();
  }
}
