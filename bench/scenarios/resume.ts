import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from '../measure/cells.ts';
import { connectStreams, openStreams, startPosting } from '../load/clients.ts';
import { withBed } from '../measure/bed.ts';
import { Measurements } from '../measure/measurements.ts';
import { openProbe } from '../measure/probe.ts';
import type { Result, Verdict } from '../measure/report.ts';
import { alternate } from '../measure/rounds.ts';
import type { Endpoint, Subject } from '../measure/subject.ts';
import type { Options } from '../options.ts';

const CLIENTS = 1_000;
const MISSED = 100;

const ABOUT =
  `${CLIENTS.toLocaleString('en-US')} streams are cut, ${MISSED} messages are sent, then all clients connect again at ` +
  'once with Last-Event-ID. "all caught up" is the time from the first connect until every client has every missed ' +
  'event. "direct" is notify without the gateway. One more message is sent afterwards; whoever has not exactly one event per message is reported below.';

async function post(endpoint: Endpoint, total: number): Promise<void> {
  const poster = await startPosting(endpoint, { connections: 1, total });
  await poster.next('report', 30_000);
  await poster.close();
}

function resumingFrom(endpoint: Endpoint, lastEventId: string): Endpoint {
  const targets = endpoint.targets.map((target) => ({
    ...target,
    headers: [...target.headers, `Last-Event-ID: ${lastEventId}`],
  }));
  return { ...endpoint, targets };
}

async function measureResume(subject: Subject, measured: Measurements): Promise<void> {
  const probe = await openProbe(subject.streams);
  const before = await openStreams(subject.streams, { connections: CLIENTS, ready: subject.readyEvent });
  await post(subject.send, 1);
  await probe.until(1);
  const cursor = probe.lastId;
  await before.close();
  await post(subject.send, MISSED);
  await probe.until(1 + MISSED);
  probe.close();
  await sleep(200);

  const endpoint = resumingFrom(subject.streams, cursor);
  const streams = connectStreams(endpoint, {
    connections: CLIENTS,
    ready: subject.readyEvent,
    expect: MISSED,
  });
  try {
    const complete = await streams.next('complete', 30_000);
    const { cpuSeconds, seconds } = await streams.report();
    measured.add(subject.name, 'complete', Number(complete.ms));
    const ready = await streams.next('ready', 30_000);
    measured.add(subject.name, 'ready', Number(ready.ms));
    measured.add(subject.name, 'client', (100 * cpuSeconds) / seconds);
    streams.command(`expect ${MISSED + 1}`);
    await post(subject.send, 1);
    await streams.next('complete', 15_000);
    await sleep(300);
    const { least, most, closed, refused } = await streams.report();
    if (refused > 0)
      measured.problems.add(`${subject.name}: ${refused} attempts to connect were refused and repeated`);
    if (least !== MISSED + 1 || most !== MISSED + 1 || closed > 0) {
      const seen = `between ${least} and ${most} events instead of ${MISSED + 1}, ${closed} streams closed`;
      measured.problems.add(`${subject.name}: clients received ${seen}`);
    }
  } catch (error) {
    const { least, most, closed, refused } = await streams.report();
    const reason = error instanceof Error ? error.message : String(error);
    measured.problems.add(
      `${subject.name}: ${reason}; clients have ${least} to ${most}, ${closed} closed, ${refused} refused`,
    );
  } finally {
    await streams.close();
  }
}

function verdicts(measured: Measurements): Verdict[] {
  const against = (subject: string, peer: string) => measured.ratio(subject, peer, 'complete');
  return [
    {
      what: 'direct, all caught up',
      value: measured.median('direct', 'complete'),
      unit: 'ms',
      aim: '≤ 5 s for 10,000',
    },
    { what: 'gateway, all caught up', value: measured.median('gateway', 'complete'), unit: 'ms' },
    { what: 'direct ÷ limit', value: against('direct', 'limit') },
    { what: 'gateway ÷ limit', value: against('gateway', 'limit') },
    { what: 'naive ÷ direct', value: against('naive', 'direct') },
  ];
}

export async function resume(options: Options): Promise<Result> {
  const measured = new Measurements();
  const names = await withBed(options, async ({ subjects }) => {
    await alternate(options.rounds, subjects, async (subject, round) => {
      measured.round = round;
      await attempt(subject.name, measured, () => measureResume(subject, measured));
    });
    return subjects.map(({ name }) => name);
  });
  const rows = names.map((name) => [
    name,
    ...['ready', 'complete', 'client'].map((metric) => measured.figure(name, metric)),
  ]);
  return {
    title: 'Resume',
    about: ABOUT,
    tables: [
      { head: ['Streams from', 'all connected ms', 'all caught up ms', 'load client % of a core'], rows },
    ],
    verdicts: options.peersOnly ? [] : verdicts(measured),
    problems: measured.complaints(),
  };
}
