import { addCpu, attempt, isSound, measureSending } from '../measure/cells.ts';
import { withBed } from '../measure/bed.ts';
import { Measurements } from '../measure/measurements.ts';
import type { Result, Verdict } from '../measure/report.ts';
import { alternate } from '../measure/rounds.ts';
import type { Subject } from '../measure/subject.ts';
import type { Options } from '../options.ts';
import { cpuTable } from './cpu-table.ts';

interface Workload {
  readonly label: string;
  readonly rate: number;
  readonly subscribers: number;
}

const MAIN: Workload = { label: '200/s × 1,000', rate: 200, subscribers: 1_000 };
const LIGHTER: readonly Workload[] = [
  { label: '200/s × 100', rate: 200, subscribers: 100 },
  { label: '50/s × 1,000', rate: 50, subscribers: 1_000 },
];
const SENDERS = 32;

const ABOUT =
  'Open loop: messages are due at a fixed rate and stamped with that time; latency runs from there to the arrival of ' +
  'the event at every single stream. "direct" posts to chat and streams from notify, "gateway" does both through the ' +
  'gateway. A subject that delivers less than 95 % of what is due is overloaded, and its percentiles are only a lower bound.';

function verdicts(measured: Measurements, workloads: readonly Workload[]): Verdict[] {
  return workloads.flatMap(({ label }) =>
    ['p50', 'p99'].flatMap((metric) => {
      const against = (subject: string, peer: string) =>
        measured.ratio(`${subject}, ${label}`, `${peer}, ${label}`, metric);
      return [
        {
          what: `direct ÷ limit, ${label}, ${metric}`,
          value: against('direct', 'limit'),
          atMost: 2.5,
          aim: '≤ 2 ×',
        },
        {
          what: `gateway ÷ limit, ${label}, ${metric}`,
          value: against('gateway', 'limit'),
          atMost: 2.5,
          aim: '≤ 2 ×',
        },
        { what: `naive ÷ direct, ${label}, ${metric}`, value: against('naive', 'direct') },
      ];
    }),
  );
}

export async function latency(options: Options): Promise<Result> {
  const measured = new Measurements();
  const workloads = options.quick ? [MAIN] : [MAIN, ...LIGHTER];
  const window = options.quick ? { warmUpMs: 500, seconds: 1.5 } : { warmUpMs: 500, seconds: 2 };
  const measure = async (subject: Subject, { label, rate, subscribers }: Workload) => {
    const name = `${subject.name}, ${label}`;
    const cell = await measureSending(subject, { senders: SENDERS, subscribers, rate, ...window });
    if (!isSound(name, cell, measured)) return;
    const { p50, p95, p99, count } = cell.streams.latency;
    if (count === 0) {
      measured.problems.add(`${name}: overloaded, nothing sent in the window arrived in it`);
      return;
    }
    const due = rate * subscribers * cell.streams.seconds;
    for (const [metric, value] of Object.entries({ p50, p95, p99 }))
      measured.add(name, metric, value / 1_000);
    measured.add(name, 'delivered', (100 * count) / due);
    addCpu(name, cell, rate * cell.streams.seconds, measured);
  };
  const names = await withBed(options, async ({ subjects, naive }) => {
    for (const subject of subjects)
      await measureSending(subject, {
        senders: SENDERS,
        subscribers: 100,
        rate: 200,
        warmUpMs: 0,
        seconds: 1,
      });
    await alternate(options.rounds, subjects, async (subject, round) => {
      measured.round = round;
      // It is overloaded anyway: once is enough.
      if (subject === naive && round > 0) return;
      for (const workload of workloads)
        await attempt(`${subject.name}, ${workload.label}`, measured, () => measure(subject, workload));
    });
    return workloads.flatMap(({ label }) => subjects.map(({ name }) => `${name}, ${label}`));
  });
  const head = ['Through, load', 'p50 ms', 'p95 ms', 'p99 ms', 'delivered in time %'];
  const rows = names.map((name) => [
    name,
    ...['p50', 'p95', 'p99'].map((metric) => measured.figure(name, metric, 1)),
    measured.figure(name, 'delivered'),
  ]);
  return {
    title: options.complete ? 'Latency (all services)' : 'Latency',
    about: ABOUT,
    tables: [{ head, rows }, cpuTable(measured, names, 'message')],
    verdicts: options.peersOnly ? [] : verdicts(measured, workloads),
    problems: measured.complaints(),
  };
}
