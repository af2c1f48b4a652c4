import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CreatedInvite, MyChannel, MyWorkspace } from '#contracts';
import type { Instance } from '../../deploy/local/instance.mjs';
import { Person } from '../../test/e2e/faults/person.ts';
import { startThrowaway } from '../measure/engines.ts';
import { buildServices } from '../measure/product.ts';
import type { Result, Verdict } from '../measure/report.ts';
import { highest, MemoryWatch, middle, rise } from './memory.ts';
import { Reader } from './reader.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly streams: number;
  /** Messages per second. */
  readonly rate: number;
}

const SERVICES = ['gateway', 'chat', 'notify', 'bot', 'analytics'] as const;
const RESTARTED = ['notify', 'gateway'] as const;
const PEOPLE = 8;
const SLOW_SHARE = 0.02;
const SAMPLE_MS = 2_000;
const OPENING_AT_ONCE = 50;
const CATCH_UP_MS = 180_000;
/** Now and then somebody sends much at once. */
const BURST_EVERY_MS = 60_000;
const BURST = 10;
const BURST_BYTES = 4_000;
/** What a service may grow by in the second half, in MB: the noise of collecting garbage, and nothing that adds up. */
const MAY_RISE = 20;

const ABOUT =
  'Streams of one channel through the gateway, two in a hundred of slow readers that do not read for up to a minute at a ' +
  'time; messages at a steady rate and ten large ones at once each minute; all five services with their background work. ' +
  'Notify and gateway are killed with -9 in turns, six times in the first half and once each at the very end; every reader ' +
  'resumes by Last-Event-ID and counts each seq. Memory is VmRSS, sampled every 2 s; its rise is that of the straight ' +
  'line that fits the second half, in which nothing is restarted.';

interface Room {
  readonly people: readonly Person[];
  readonly workspaceId: string;
  readonly channelId: string;
  readonly cursor: string;
}

async function openRoom(url: string): Promise<Room> {
  const people: Person[] = [];
  for (let index = 0; index < PEOPLE; index += 1) people.push(await Person.register(url, `Reader${index}`));
  const [owner, ...others] = people as [Person, ...Person[]];
  const { id: workspaceId } = await owner.must<MyWorkspace>('POST /workspaces', { name: 'Soak' });
  const { channel } = await owner.must<MyChannel>(`POST /workspaces/${workspaceId}/channels`, {
    name: 'soak',
    kind: 'public',
  });
  const { token } = await owner.must<CreatedInvite>(`POST /workspaces/${workspaceId}/invites`, {});
  for (const person of others) {
    await person.must(`POST /invites/${token}/accept`);
    await person.must(`POST /channels/${channel.id}/join`);
  }
  const { cursor } = await owner.bootstrap(workspaceId);
  if (cursor === null) throw new Error('the workspace has no cursor');
  return { people, workspaceId, channelId: channel.id, cursor };
}

/** Sends until `until`, each message until it is acknowledged. Returns the seq of the last. */
async function keepSending(
  { people: [sender], channelId }: Room,
  rate: number,
  until: number,
): Promise<number> {
  let last = 0;
  let nextBurst = Date.now() + BURST_EVERY_MS;
  const send = async (text: string) => {
    const body = { clientMessageId: randomUUID(), text };
    const message = await sender?.must<{ seq: number }>(`POST /channels/${channelId}/messages`, body);
    last = Math.max(last, message?.seq ?? 0);
  };
  for (let due = Date.now(); due < until; due += 1_000 / rate) {
    await sleep(Math.max(0, due - Date.now()));
    await send('steadily');
    if (Date.now() < nextBurst) continue;
    nextBurst += BURST_EVERY_MS;
    for (let count = 0; count < BURST; count += 1) await send('x'.repeat(BURST_BYTES));
  }
  return last;
}

async function openAll(readers: readonly Reader[]): Promise<void> {
  for (let index = 0; index < readers.length; index += OPENING_AT_ONCE) {
    for (const reader of readers.slice(index, index + OPENING_AT_ONCE)) reader.start();
    await sleep(50);
  }
  const deadline = Date.now() + CATCH_UP_MS;
  while (readers.some(({ open }) => !open) && Date.now() < deadline) await sleep(100);
}

async function restart(instance: Instance, name: string): Promise<void> {
  await instance.kill(name);
  await instance.start(name);
}

/** Restarts in the first half, leaves everything alone in the second, and restarts once more. */
async function disturb(instance: Instance, from: number, until: number): Promise<void> {
  const half = (until - from) / 2;
  for (let turn = 0; turn < 6; turn += 1) {
    await sleep(Math.max(0, from + ((turn + 0.5) * half) / 6.5 - Date.now()));
    await restart(instance, RESTARTED[turn % 2] ?? 'notify');
  }
}

async function everyoneHas(last: number, readers: readonly Reader[]): Promise<void> {
  const deadline = Date.now() + CATCH_UP_MS;
  while (readers.some((reader) => reader.last < last) && Date.now() < deadline) await sleep(200);
}

function verdictsOf(readers: readonly Reader[], last: number, rises: ReadonlyMap<string, number>): Verdict[] {
  const complete = readers.filter((reader) => reader.last >= last && reader.missed === 0).length;
  const sum = (of: (reader: Reader) => number) => readers.reduce((total, reader) => total + of(reader), 0);
  const messages = 'messages';
  return [
    { what: 'readers that have every message', value: complete, unit: 'readers', atLeast: readers.length },
    { what: 'messages that a reader missed', value: sum(({ missed }) => missed), unit: messages, atMost: 0 },
    {
      what: 'messages that a reader heard twice',
      value: sum(({ again }) => again),
      unit: messages,
      atMost: 0,
    },
    { what: 'readers told to resync', value: sum(({ resyncs }) => resyncs), unit: 'times', atMost: 0 },
    ...[...rises].map(([name, value]) => ({
      what: `rise of ${name} over the second half`,
      value,
      unit: 'MB',
      atMost: MAY_RISE,
    })),
  ];
}

/** Holds many streams for long, and tells what became of memory and of every reader. */
export async function soak({ minutes, streams, rate }: SoakOptions): Promise<Result> {
  const instance = await startThrowaway({
    env: {
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_MINUTE: '0',
      AUTH_RATE_LIMIT_PER_MINUTE: '0',
      STREAMS_PER_USER: '10000',
      STREAMS_PER_WORKSPACE: '100000',
    },
    built: buildServices(),
  });
  const room = await openRoom(instance.url);
  const url = `${instance.url}/api/v1/workspaces/${room.workspaceId}/events`;
  const readers = Array.from({ length: streams }, (_, index) => {
    const person = room.people[index % PEOPLE] as Person;
    return new Reader(url, person, { cursor: room.cursor, slow: index % Math.round(1 / SLOW_SHARE) === 0 });
  });
  const watch = new MemoryWatch(instance, SERVICES, SAMPLE_MS);
  try {
    await openAll(readers);
    const from = Date.now();
    const until = from + minutes * 60_000;
    const half = from + (until - from) / 2;
    const [sent] = await Promise.all([keepSending(room, rate, until), disturb(instance, from, until)]);
    watch.stop();
    const opened = readers.reduce((total, reader) => total + reader.streams, 0);
    for (const name of RESTARTED) await restart(instance, name);
    for (const reader of readers) reader.hurry();
    await everyoneHas(sent, readers);
    const second = new Map(SERVICES.map((name) => [name, watch.since(name, half)]));
    const rises = new Map([...second].map(([name, samples]) => [name, rise(samples)]));
    const megabytes = (value: number) => value.toFixed(0);
    return {
      title: 'Soak',
      about: `${ABOUT} ${streams} streams for ${minutes} minutes, ${rate} messages/s: ${sent} messages, ${opened} streams opened before the last restarts.`,
      tables: [
        {
          head: ['Service', 'MB, median', 'MB, highest', 'MB, rise over the second half'],
          rows: [...second].map(([name, samples]) => [
            name,
            megabytes(middle(samples)),
            megabytes(highest(samples)),
            rise(samples).toFixed(1),
          ]),
        },
      ],
      verdicts: verdictsOf(readers, sent, rises),
      problems: [],
    };
  } finally {
    watch.stop();
    await Promise.all(readers.map((reader) => reader.stop()));
    await instance.stop();
  }
}
