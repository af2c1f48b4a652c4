import { addCpu, attempt, IN_FLIGHT, isSound, measureFanOut } from '../measure/cells.ts';
import { withBed } from '../measure/bed.ts';
import { Measurements } from '../measure/measurements.ts';
import type { Result, Verdict } from '../measure/report.ts';
import { alternate } from '../measure/rounds.ts';
import type { Subject } from '../measure/subject.ts';
import type { Options } from '../options.ts';
import { missingNchan, missingNginx, startNchan, startProxy } from '../peers/nginx.ts';
import { startBare } from '../peers/start.ts';
import { eventSource } from '../peers/world.ts';
import { cpuTable } from './cpu-table.ts';

const CONNECTIONS = [1_000, 5_000];
const QUICK_CONNECTIONS = [1_000];

const ABOUT =
  `One channel, ${IN_FLIGHT} events in flight: the next is published when the streams have, on average, received the ` +
  'one that many before it. Events (as large as those of a 64-character message) go straight into JetStream, because ' +
  'a few hundred per second saturate the sockets; nchan gets the same JSON by HTTP. "notify" is the product without, ' +
  '"gateway" with its gateway, "nginx" the product behind nginx instead, "bare" a coalescing broadcaster without routing, ' +
  '"limit" the routing one.';

function verdicts(measured: Measurements, counts: readonly number[]): Verdict[] {
  const noNchan = missingNchan();
  const noNginx = missingNginx();
  return counts.flatMap((count) => {
    const against = (subject: string, peer: string) =>
      measured.ratio(`${subject}, ${count}`, `${peer}, ${count}`, 'rate');
    const streams = `${count.toLocaleString('en-US')} streams`;
    return [
      { what: `notify ÷ bare, ${streams}`, value: against('notify', 'bare'), atLeast: 0.8, aim: '≥ 0.85 ×' },
      {
        what: `notify ÷ nchan, ${streams}`,
        value: against('notify', 'nchan'),
        atLeast: 1.5,
        aim: '≥ 2 ×',
        ...(noNchan === null ? {} : { missing: noNchan }),
      },
      { what: `notify ÷ naive, ${streams}`, value: against('notify', 'naive') },
      {
        what: `gateway ÷ nginx, ${streams}`,
        value: against('gateway', 'nginx'),
        aim: '≥ 2 ×',
        ...(noNginx === null ? {} : { missing: noNginx }),
      },
      { what: `bare ÷ nchan, ${streams}`, value: against('bare', 'nchan') },
    ];
  });
}

interface Extra {
  readonly subject: Subject;
  stop(): Promise<void>;
}

async function startNchanSubject(): Promise<Extra> {
  const nchan = await startNchan();
  const next = eventSource(
    '00000000-0000-7000-8000-000000000000',
    '00000000-0000-7000-8000-000000000001',
    '',
  );
  const subject = {
    name: 'nchan',
    send: { port: 0, targets: [] },
    streams: nchan.streams,
    processes: { nginx: nchan.pid },
    feed: () => nchan.publish(next().payload),
  };
  return { subject, stop: () => nchan.stop() };
}

async function startProxySubject(notify: Subject): Promise<Extra> {
  const proxy = await startProxy(notify.streams.port);
  const streams = { ...notify.streams, port: proxy.port };
  const subject = { ...notify, name: 'nginx', streams, processes: { nginx: proxy.pid, ...notify.processes } };
  return { subject, stop: () => proxy.stop() };
}

export async function fanout(options: Options): Promise<Result> {
  const counts = options.quick ? QUICK_CONNECTIONS : CONNECTIONS;
  const measured = new Measurements();
  const window = options.quick ? { warmUpMs: 500, seconds: 1 } : { warmUpMs: 400, seconds: 1.2 };
  const names = await withBed(options, async ({ product, limit, naive, engines }) => {
    const bare = await startBare(engines);
    const notify = product && { ...product.direct, name: 'notify' };
    const extras: Extra[] = [
      ...(missingNchan() === null ? [await startNchanSubject()] : []),
      ...(missingNginx() === null && notify !== null ? [await startProxySubject(notify)] : []),
    ];
    const own = notify && product ? [notify, product.gateway] : [];
    const subjects = [...own, ...extras.map(({ subject }) => subject), bare, limit, naive];
    const measure = async (subject: Subject, connections: number) => {
      const name = `${subject.name}, ${connections}`;
      const cell = await measureFanOut(subject, { connections, ...window });
      if (!isSound(name, cell, measured)) return;
      if (cell.streams.events === 0) {
        measured.problems.add(`${name}: nothing arrived in a whole window`);
        return;
      }
      measured.add(name, 'rate', cell.streams.events / cell.streams.seconds);
      measured.add(name, 'client', (100 * cell.streams.cpuSeconds) / cell.streams.seconds);
      addCpu(name, cell, Math.max(1, cell.streams.events), measured);
    };
    try {
      for (const subject of subjects)
        await measureFanOut(subject, { connections: 100, warmUpMs: 0, seconds: 1 });
      await alternate(options.rounds, subjects, async (subject, round) => {
        measured.round = round;
        // Reference points without a goal: once is enough.
        if ((subject === naive || subject === limit) && round > 0) return;
        for (const connections of counts)
          await attempt(`${subject.name}, ${connections}`, measured, () => measure(subject, connections));
      });
    } finally {
      await Promise.all([bare.stop(), ...extras.map((extra) => extra.stop())]);
    }
    return counts.flatMap((count) => subjects.map(({ name }) => `${name}, ${count}`));
  });
  const rows = names.map((name) => [name, measured.figure(name, 'rate'), measured.figure(name, 'client')]);
  return {
    title: 'Fan-out',
    about: ABOUT,
    tables: [
      { head: ['From, streams', 'deliveries/s', 'load client % of a core'], rows },
      cpuTable(measured, names, 'delivery', 2),
    ],
    verdicts: verdicts(measured, counts).filter(({ value }) => !options.peersOnly || !Number.isNaN(value)),
    problems: measured.complaints(),
  };
}
