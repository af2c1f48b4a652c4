import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import pg from 'pg';
import type { Size } from '../../libs/testing/src/large-workspace.ts';
import { attempt } from '../measure/cells.ts';
import { pidOfProcess, startThrowaway } from '../measure/engines.ts';
import { Measurements } from '../measure/measurements.ts';
import { watchCpu } from '../measure/processes.ts';
import { buildServices } from '../measure/product.ts';
import type { Result, Verdict } from '../measure/report.ts';
import { alternate } from '../measure/rounds.ts';
import { percentile } from '../measure/statistics.ts';
import type { Options } from '../options.ts';
import { openRecorder, type Recorder, type Run } from '../peers/bare-reading.ts';

const FULL: Size = { channels: 10_000, members: 50_000, messages: 1_000_000, joined: 300 };
const QUICK: Size = { channels: 1_000, members: 5_000, messages: 50_000, joined: 100 };
const READERS = 2;

const ABOUT =
  'A workspace of 50,000 people and 10,000 channels; the reader is in 300 of them, one holds a million messages and has never been read ' +
  '(a thousand of its messages are deleted, a thousand call the reader, a thousand have threads that the reader follows). Two readers at once, each asks again as ' +
  'soon as it has the answer. "product" is GET from chat, "bare" the same prepared statements with the same values from one Node process (the client), without HTTP, ' +
  'access token, checks between them and JSON. With --quick everything is ten to twenty times smaller.';

type Case = { name: string; path: () => string; runs: Run[] };

/** Gets and throws away. `fetch` would cost this process more than the answer costs chat. */
const reader = (base: string, token: string) => {
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${token}` };
  return (path: string) =>
    new Promise<void>((resolve, reject) => {
      const asked = request(base + path, { agent, headers }, (reply) => {
        reply.once('end', () =>
          reply.statusCode === 200 ? resolve() : reject(new Error(`${path}: ${reply.statusCode}`)),
        );
        reply.resume();
      });
      asked.once('error', reject).end();
    });
};

/** Asks for `ms`, from several readers at once; the times of all answers. */
async function timed(ms: number, ask: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + ms;
  const reader = async () => {
    while (performance.now() < end) {
      const asked = performance.now();
      await ask();
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return times;
}

function add(measured: Measurements, name: string, times: readonly number[]): void {
  measured.add(name, 'p50', percentile(times, 0.5));
  measured.add(name, 'p99', percentile(times, 0.99));
  measured.add(name, 'rate', times.length);
}

/** Somebody with a large workspace, and the statements of what they ask for. */
async function prepare(recorder: Recorder, postgresUrl: string, size: Size) {
  const person = { email: 'reader@example.org', name: 'Reader', password: randomBytes(16).toString('hex') };
  const registered = await recorder.call('POST /auth/register', null, { ...person, transport: 'token' });
  const { user, accessToken } = registered.body as { user: { id: string }; accessToken: string };
  const made = await recorder.call('POST /workspaces', accessToken, { name: 'Large' });
  const { id: workspaceId } = made.body as { id: string };
  const { seedLargeWorkspace } = (await import(
    new URL('../../dist/libs/testing/src/large-workspace.js', import.meta.url).href
  )) as typeof import('../../libs/testing/src/large-workspace.ts');
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  const query = (text: string, values?: unknown[]) => client.query(text, values);
  const { channelId } = await seedLargeWorkspace(query, { workspaceId, owner: user.id }, size);
  await client.end();
  const before = () => 51 + Math.floor(Math.random() * (size.messages - 60));
  const paths: [string, () => string][] = [
    ['history page', () => `/channels/${channelId}/messages?limit=50&before=${before()}`],
    ['bootstrap', () => `/workspaces/${workspaceId}/bootstrap`],
    ['unread', () => `/workspaces/${workspaceId}/unread`],
  ];
  const cases: Case[] = [];
  for (const [name, path] of paths)
    cases.push({ name, path, runs: await recorder.record(`GET ${path()}`, accessToken) });
  return { person, cases, before };
}

function verdicts(measured: Measurements, cases: readonly Case[], quick: boolean): Verdict[] {
  return cases.flatMap(({ name }) => [
    {
      what: `${name}, p99`,
      value: measured.median(`product ${name}`, 'p99'),
      unit: 'ms',
      ...(quick ? {} : { atMost: 20 }),
    },
    {
      what: `${name}, p99 ÷ bare`,
      value: measured.ratio(`product ${name}`, `bare ${name}`, 'p99'),
      ...(quick ? {} : { atMost: 2 }),
    },
    { what: `${name}, p50 ÷ bare`, value: measured.ratio(`product ${name}`, `bare ${name}`, 'p50') },
  ]);
}

export async function reading(options: Options): Promise<Result> {
  const measured = new Measurements();
  const instance = await startThrowaway({
    services: ['chat'],
    engines: ['postgres', 'nats', 'redis'],
    env: { LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '10000000', CHAT_ROLES: 'api' },
    built: buildServices(),
  });
  const recorder = await openRecorder(instance);
  try {
    const { person, cases, before } = await prepare(
      recorder,
      instance.engines.postgres.url,
      options.quick ? QUICK : FULL,
    );
    const base = `${instance.urls['chat'] ?? ''}/api/v1`;
    const login = await fetch(`${base}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: person.email, password: person.password, transport: 'token' }),
    });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const get = reader(base, accessToken);
    // The page's place is the one value that changes from request to request.
    const bare = ({ runs, name }: Case) =>
      Promise.all(
        runs.map(({ statement, values }) =>
          recorder.database.run(
            statement,
            name === 'history page' ? values.map((value, n) => (n === 2 ? before() : value)) : values,
          ),
        ),
      );
    const ms = options.quick ? 1_000 : 5_000;
    const subjects = cases.flatMap((one) => [
      { name: `product ${one.name}`, ask: () => get(one.path()) },
      { name: `bare ${one.name}`, ask: () => bare(one) },
    ]);
    for (const { ask } of subjects) await timed(500, ask);
    await alternate(options.rounds, subjects, async ({ name, ask }, round) => {
      measured.round = round;
      await attempt(name, measured, async () => {
        const cpu = watchCpu({
          chat: pidOfProcess(instance, 'chat'),
          postgres: pidOfProcess(instance, 'postgres'),
          client: process.pid,
        });
        const times = await timed(ms, ask);
        const { byProcess } = cpu();
        add(measured, name, times);
        for (const [process, seconds] of Object.entries(byProcess))
          measured.add(name, process, (seconds * 1e6) / times.length);
      });
    });
    const rows = subjects.map(({ name }) => [
      name,
      ...(['p50', 'p99'] as const).map((metric) => measured.figure(name, metric, 2)),
      ...['chat', 'postgres', 'client'].map((process) => measured.figure(name, process)),
    ]);
    return {
      title: 'Reading',
      about: ABOUT,
      tables: [{ head: ['Request', 'p50 ms', 'p99 ms', 'chat CPU µs', 'Postgres CPU µs', 'client CPU µs'], rows }],
      verdicts: verdicts(measured, cases, options.quick),
      problems: measured.complaints(),
    };
  } finally {
    await recorder.close();
    await instance.stop();
  }
}
