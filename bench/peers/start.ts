import type { ChildProcess } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { launch, outputLine, pidOf, stop } from '../measure/children.ts';
import type { Engines } from '../measure/engines.ts';
import { bearer, type Endpoint, type Subject } from '../measure/subject.ts';
import { compileNaive } from './naive/compile.ts';
import { LIMIT_SCHEMA, NAIVE_SCHEMA } from './schema.ts';
import { createWorld, type PeerWorld } from './world.ts';

export interface Peer extends Subject {
  stop(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

const LOGS = path.resolve(import.meta.dirname, '../../.data/bench/logs');

async function run(script: string, environment: Readonly<Record<string, string>>): Promise<Running> {
  // To a file: a peer that complains about every request must not measure the speed of a terminal.
  mkdirSync(LOGS, { recursive: true });
  const log = openSync(
    path.join(LOGS, `${path.basename(path.dirname(script))}-${path.basename(script)}.log`),
    'w',
  );
  const child = launch(process.execPath, [script], {
    stdio: ['ignore', 'pipe', log],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
  });
  const [, port] = await outputLine(child, /^listening (\d+)$/m);
  return { child, port: Number(port) };
}

function endpoint(world: PeerWorld, port: number, route: string): Endpoint {
  return { port, targets: world.tokens.map((token) => ({ path: route, headers: [bearer(token)] })) };
}

async function assemble(
  name: string,
  world: PeerWorld,
  engines: Engines,
  scripts: { api: string; notify: string },
): Promise<Peer> {
  const [api, notify] = await Promise.all([
    run(scripts.api, world.environment),
    run(scripts.notify, world.environment),
  ]);
  return {
    name,
    send: endpoint(world, api.port, `/channels/${world.channelId}/messages`),
    streams: endpoint(world, notify.port, '/events'),
    processes: { api: pidOf(api.child), notify: pidOf(notify.child), ...engines.processes },
    readyEvent: 'stream.ready',
    feed: world.feed,
    stop: async () => {
      await Promise.all([stop(api.child), stop(notify.child)]);
      await world.close();
    },
  };
}

/** The leanest honest form of the same path. */
export async function startLimit(engines: Engines): Promise<Peer> {
  const folder = path.join(import.meta.dirname, 'limit');
  const scripts = { api: path.join(folder, 'api.ts'), notify: path.join(folder, 'notify.ts') };
  return assemble('limit', await createWorld(engines, 'limit', LIMIT_SCHEMA), engines, scripts);
}

/** The same path as a textbook writes it. */
export async function startNaive(engines: Engines): Promise<Peer> {
  const folder = await compileNaive();
  const scripts = { api: path.join(folder, 'api.js'), notify: path.join(folder, 'notify.js') };
  return assemble('naive', await createWorld(engines, 'naive', NAIVE_SCHEMA), engines, scripts);
}

/** Only the fan-out: events from JetStream to sockets, coalesced, without routing. */
export async function startBare(engines: Engines): Promise<Peer> {
  const world = await createWorld(engines, 'bare', LIMIT_SCHEMA);
  const { child, port } = await run(path.join(import.meta.dirname, 'bare.ts'), world.environment);
  return {
    name: 'bare',
    send: { port: 0, targets: [] },
    streams: endpoint(world, port, '/events'),
    processes: { broadcaster: pidOf(child), nats: engines.processes.nats },
    feed: world.feed,
    stop: async () => {
      await stop(child);
      await world.close();
    },
  };
}
