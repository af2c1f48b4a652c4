import { addCpu, attempt, isSound, measureSending } from '../measure/cells.ts';
import { withBed } from '../measure/bed.ts';
import { Measurements } from '../measure/measurements.ts';
import type { Result, Verdict } from '../measure/report.ts';
import { alternate } from '../measure/rounds.ts';
import type { Subject } from '../measure/subject.ts';
import type { Options } from '../options.ts';
import { cpuTable } from './cpu-table.ts';

const SATURATING = 128;
const SENDERS = [1, 32, SATURATING];
const QUICK_SENDERS = [1, SATURATING];

const ABOUT =
  'Closed loop: every sender posts its next message as soon as it has the answer; one subscriber of the channel. ' +
  'The rate is the smaller of messages acknowledged and messages delivered in the window, so nobody gains by ' +
  'letting a backlog grow. All senders write to the same channel. "direct" is the product without its gateway.';

function verdicts(measured: Measurements, counts: readonly number[]): Verdict[] {
  return counts.flatMap((senders) => {
    const against = (subject: string, peer: string) =>
      measured.ratio(`${subject}, ${senders}`, `${peer}, ${senders}`, 'rate');
    const label = `${senders} ${senders === 1 ? 'sender' : 'senders'}`;
    return [
      { what: `to chat ÷ limit, ${label}`, value: against('direct', 'limit'), atLeast: 0.6, aim: '≥ 0.75 ×' },
      {
        what: `to chat ÷ naive, ${label}`,
        value: against('direct', 'naive'),
        // One sender waits for one commit after the other: there not even the limit is 3 × as fast as naive.
        ...(senders === SATURATING ? { atLeast: 10, aim: '≥ 15 ×' } : {}),
      },
      {
        what: `through the gateway ÷ limit, ${label}`,
        value: against('gateway', 'limit'),
        atLeast: 0.4,
        aim: '≥ 0.5 ×',
      },
      { what: `through the gateway ÷ naive, ${label}`, value: against('gateway', 'naive') },
      { what: `limit ÷ naive, ${label}`, value: against('limit', 'naive') },
    ];
  });
}

export async function send(options: Options): Promise<Result> {
  const counts = options.quick ? QUICK_SENDERS : SENDERS;
  const measured = new Measurements();
  const window = options.quick ? { warmUpMs: 300, seconds: 0.8 } : { warmUpMs: 400, seconds: 1.5 };
  const names = await withBed(options, async ({ subjects }) => {
    const measure = async (subject: Subject, senders: number) => {
      const name = `${subject.name}, ${senders}`;
      const cell = await measureSending(subject, { senders, subscribers: 1, ...window });
      const { post, streams } = cell;
      if (!post || !isSound(name, cell, measured)) return;
      measured.add(name, 'rate', Math.min(post.ok / post.seconds, streams.events / streams.seconds));
      measured.add(name, 'p50', post.latency.p50 / 1_000);
      measured.add(name, 'p99', post.latency.p99 / 1_000);
      if (streams.latency.count > 0) measured.add(name, 'arrival', streams.latency.p50 / 1_000);
      addCpu(name, cell, Math.max(post.ok, 1), measured);
    };
    // The first seconds of a process are spent on compiling it.
    for (const subject of subjects)
      await measureSending(subject, {
        senders: 32,
        subscribers: 1,
        warmUpMs: 0,
        seconds: options.quick ? 1 : 2,
      });
    await alternate(options.rounds, subjects, async (subject, round) => {
      measured.round = round;
      for (const senders of counts)
        await attempt(`${subject.name}, ${senders}`, measured, () => measure(subject, senders));
    });
    return counts.flatMap((senders) => subjects.map(({ name }) => `${name}, ${senders}`));
  });
  const head = ['To, senders', 'messages/s', 'POST p50 ms', 'POST p99 ms', 'arrival p50 ms'];
  const rows = names.map((name) => [
    name,
    measured.figure(name, 'rate'),
    measured.figure(name, 'p50', 2),
    measured.figure(name, 'p99', 1),
    measured.figure(name, 'arrival', 2),
  ]);
  return {
    title: options.complete ? 'Send (all services)' : 'Send',
    about: ABOUT,
    tables: [{ head, rows }, cpuTable(measured, names, 'message')],
    verdicts: verdicts(measured, counts).filter(({ value }) => !options.peersOnly || !Number.isNaN(value)),
    problems: measured.complaints(),
  };
}
