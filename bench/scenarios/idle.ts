import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStreams } from '../load/clients.ts';
import { attempt } from '../measure/cells.ts';
import { withBed } from '../measure/bed.ts';
import { pidOfProcess, startThrowaway } from '../measure/engines.ts';
import { Measurements } from '../measure/measurements.ts';
import { residentKilobytes, watchCpu } from '../measure/processes.ts';
import type { Result, Verdict } from '../measure/report.ts';
import type { Subject } from '../measure/subject.ts';
import type { Options } from '../options.ts';
import { missingNchan, startNchan } from '../peers/nginx.ts';

const SERVICES = ['gateway', 'chat', 'notify', 'bot', 'analytics'];

const ABOUT =
  'Resident memory (VmRSS) of a process before and after it holds the streams, divided by their number: everything the ' +
  'process grew by counts, garbage included; a hundred streams came and went before. Every service is stopped and all are started together again to see ' +
  'how long each takes until its readiness check passes; then the five are left alone (20 s; 6 s with --quick) and their memory is added up.';

interface Held {
  readonly name: string;
  readonly pid: number;
  readonly subject: Pick<Subject, 'streams' | 'readyEvent'>;
}

async function measureStreams(
  held: Held,
  connections: number,
  settleMs: number,
  measured: Measurements,
): Promise<void> {
  // What the first streams need once (compiled code, larger heap) is not what a stream costs.
  const first = await openStreams(held.subject.streams, { connections: 100, ready: held.subject.readyEvent });
  await first.close();
  await sleep(500);
  const before = residentKilobytes(held.pid);
  const streams = await openStreams(held.subject.streams, { connections, ready: held.subject.readyEvent });
  await sleep(settleMs);
  measured.add(held.name, 'before', before / 1_024);
  measured.add(held.name, 'perStream', (residentKilobytes(held.pid) - before) / connections);
  const { closed } = await streams.report();
  if (closed > 0) measured.problems.add(`${held.name}: ${closed} of ${connections} streams were closed`);
  await streams.close();
  await sleep(500);
}

/** Streams of the product and, for comparison, of the peers; each process is fresh and holds streams once. */
async function memoryPerStream(
  options: Options,
  connections: number,
  settleMs: number,
  measured: Measurements,
): Promise<void> {
  await withBed(options, async ({ product, limit, naive }) => {
    const held: Held[] = [];
    if (product) {
      held.push({ name: 'notify', pid: pidOfProcess(product.instance, 'notify'), subject: product.direct });
      held.push({
        name: 'gateway',
        pid: pidOfProcess(product.instance, 'gateway'),
        subject: product.gateway,
      });
    }
    for (const peer of [limit, naive])
      held.push({ name: `${peer.name} notify`, pid: peer.processes.notify ?? 0, subject: peer });
    const nchan = missingNchan() === null ? await startNchan() : null;
    if (nchan) held.push({ name: 'nchan', pid: nchan.pid, subject: nchan });
    await sleep(settleMs);
    for (const one of held)
      await attempt(one.name, measured, () => measureStreams(one, connections, settleMs, measured));
    await nchan?.stop();
  });
}

async function idleServices(settleMs: number, measured: Measurements): Promise<void> {
  const started = performance.now();
  const instance = await startThrowaway();
  measured.add('all', 'engines and services', performance.now() - started);
  try {
    await Promise.all(SERVICES.map((name) => instance.kill(name, 'SIGTERM')));
    const restart = async (name: string) => {
      const since = performance.now();
      await instance.start(name);
      measured.add(name, 'ready', performance.now() - since);
    };
    await Promise.all(SERVICES.map(restart));
    const cpu = watchCpu(instance.pids);
    await sleep(settleMs * 4);
    measured.disturbance.push(cpu().rest / ((settleMs * 4) / 1_000) / os.availableParallelism());
    for (const name of SERVICES)
      measured.add(name, 'resident', residentKilobytes(pidOfProcess(instance, name)) / 1_024);
  } finally {
    await instance.stop();
  }
}

function verdicts(measured: Measurements): Verdict[] {
  const sum = SERVICES.reduce((total, name) => total + measured.median(name, 'resident'), 0);
  const slowest = Math.max(...SERVICES.map((name) => measured.median(name, 'ready')));
  const noNchan = missingNchan();
  return [
    {
      what: 'RSS per idle stream in notify',
      value: measured.median('notify', 'perStream'),
      unit: 'KB',
      atMost: 20,
      aim: '≤ 15 KB',
    },
    {
      what: 'RSS per idle stream in the gateway',
      value: measured.median('gateway', 'perStream'),
      unit: 'KB',
      aim: '≤ 10 KB',
    },
    { what: 'notify ÷ limit per stream', value: measured.ratio('notify', 'limit notify', 'perStream') },
    { what: 'naive ÷ notify per stream', value: measured.ratio('naive notify', 'notify', 'perStream') },
    {
      what: 'notify ÷ nchan per stream',
      value: measured.ratio('notify', 'nchan', 'perStream'),
      ...(noNchan === null ? {} : { missing: noNchan }),
    },
    { what: 'five idle services together', value: sum, unit: 'MB', atMost: 700 },
    {
      what: 'slowest service ready, all five starting at once',
      value: slowest / 1_000,
      unit: 's',
      atMost: 5,
    },
  ];
}

export async function idle(options: Options): Promise<Result> {
  const measured = new Measurements();
  const connections = options.quick ? 1_000 : 5_000;
  const settleMs = options.quick ? 1_500 : 5_000;
  await memoryPerStream(options, connections, settleMs, measured);
  if (!options.peersOnly) await idleServices(settleMs, measured);
  const holders = ['notify', 'gateway', 'limit notify', 'naive notify', 'nchan'];
  const rows = holders.map((name) => [
    name,
    measured.figure(name, 'before'),
    measured.figure(name, 'perStream', 1),
  ]);
  const services = SERVICES.map((name) => [
    name,
    measured.figure(name, 'ready'),
    measured.figure(name, 'resident'),
  ]);
  return {
    title: 'Idle',
    about: ABOUT,
    tables: [
      {
        head: [`${connections.toLocaleString('en-US')} streams held by`, 'MB before', 'KB per stream'],
        rows,
      },
      { head: ['Service', 'ready after ms', 'idle MB'], rows: options.peersOnly ? [] : services },
    ],
    verdicts: options.peersOnly ? [] : verdicts(measured),
    problems: measured.complaints(),
  };
}
