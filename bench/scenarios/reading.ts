import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import pg from 'pg';
import type { Instance } from '../../deploy/local/instance.mjs';
import type { Database } from '../../libs/db/src/index.ts';
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
import { openDatabase, openRecorder, type Recorder, type Run } from '../peers/bare-reading.ts';

const FULL: Size = { channels: 10_000, members: 50_000, messages: 1_000_000, joined: 300 };
const QUICK: Size = { channels: 1_000, members: 5_000, messages: 50_000, joined: 100 };
/** One sees what a request takes; two keep both cores of the machine busy and also see the waiting for them. */
const READERS = [1, 2] as const;

const ABOUT =
  'A workspace of 50,000 people and 10,000 channels; the reader is in 300 of them, one holds a million messages and has never been read ' +
  '(a thousand of its messages are deleted, a thousand call the reader, a thousand have threads that the reader follows). One reader, then two at once, which keep two cores busy; each asks again as ' +
  'soon as it has the answer. "product" is GET from chat, "bare" the same prepared statements with the same values from one Node process (the client), without HTTP, ' +
  'access token, checks between them and JSON. With --quick everything is ten to twenty times smaller.';

type Case = { name: string; path: () => string; runs: Run[] };

/** Gets and throws away. `fetch` would cost this process more than the answer costs chat. */
const getter = (base: string, token: string) => {
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
async function timed(ms: number, readers: number, ask: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + ms;
  const read = async () => {
    while (performance.now() < end) {
      const asked = performance.now();
      await ask();
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: readers }, read));
  return times;
}

function add(measured: Measurements, name: string, times: readonly number[]): void {
  measured.add(name, 'p50', percentile(times, 0.5));
  measured.add(name, 'p99', percentile(times, 0.99));
  measured.add(name, 'rate', times.length);
}

/** Somebody with a large workspace, and the statements of what they ask for. */
async function prepare(instance: Instance, size: Size) {
  const recorder = await openRecorder(instance);
  try {
    return await record(recorder, instance.engines.postgres.url, size);
  } finally {
    await recorder.close();
  }
}

async function record(recorder: Recorder, postgresUrl: string, size: Size) {
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

const subjectOf = (kind: 'product' | 'bare', { name }: Case, readers: number) =>
  `${kind} ${name}, ${readers} reader${readers === 1 ? '' : 's'}`;

function verdicts(measured: Measurements, cases: readonly Case[], quick: boolean): Verdict[] {
  const goal = (atMost: number) => (quick ? {} : { atMost });
  return cases.flatMap((one) =>
    READERS.flatMap((readers) => {
      const product = subjectOf('product', one, readers);
      const bare = subjectOf('bare', one, readers);
      const what = product.replace('product ', '');
      return [
        { what: `${what}, p99`, value: measured.median(product, 'p99'), unit: 'ms', ...goal(20) },
        { what: `${what}, p99 ÷ bare`, value: measured.ratio(product, bare, 'p99'), ...goal(2) },
        { what: `${what}, p50 ÷ bare`, value: measured.ratio(product, bare, 'p50') },
      ];
    }),
  );
}

/** Somebody logged in at the chat that runs as a process of its own. */
async function logIn(
  base: string,
  { email, password }: { email: string; password: string },
): Promise<string> {
  const login = await fetch(`${base}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, transport: 'token' }),
  });
  return ((await login.json()) as { accessToken: string }).accessToken;
}

export async function reading(options: Options): Promise<Result> {
  const measured = new Measurements();
  const instance = await startThrowaway({
    services: ['chat'],
    engines: ['postgres', 'nats', 'redis'],
    env: { LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '10000000', CHAT_ROLES: 'api' },
    built: buildServices(),
  });
  let database: Database | undefined;
  try {
    const { person, cases, before } = await prepare(instance, options.quick ? QUICK : FULL);
    const bareDatabase = (database = await openDatabase(instance));
    const base = `${instance.urls['chat'] ?? ''}/api/v1`;
    const get = getter(base, await logIn(base, person));
    // The page's place is the one value that changes from request to request.
    const bare = ({ runs, name }: Case) =>
      Promise.all(
        runs.map(({ statement, values }) =>
          bareDatabase.run(
            statement,
            name === 'history page' ? values.map((value, n) => (n === 2 ? before() : value)) : values,
          ),
        ),
      );
    const ms = options.quick ? 1_000 : 4_000;
    const subjects = cases.flatMap((one) =>
      READERS.flatMap((readers) => [
        { name: subjectOf('product', one, readers), readers, ask: () => get(one.path()) },
        { name: subjectOf('bare', one, readers), readers, ask: () => bare(one) },
      ]),
    );
    for (const { ask, readers } of subjects) await timed(500, readers, ask);
    await alternate(options.rounds, subjects, async ({ name, readers, ask }, round) => {
      measured.round = round;
      await attempt(name, measured, async () => {
        const cpu = watchCpu({
          chat: pidOfProcess(instance, 'chat'),
          postgres: pidOfProcess(instance, 'postgres'),
        });
        const own = process.cpuUsage();
        const times = await timed(ms, readers, ask);
        const { user, system } = process.cpuUsage(own);
        const { byProcess } = cpu();
        add(measured, name, times);
        for (const [process, seconds] of Object.entries(byProcess))
          measured.add(name, process, (seconds * 1e6) / times.length);
        measured.add(name, 'client', (user + system) / times.length);
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
      tables: [
        { head: ['Request', 'p50 ms', 'p99 ms', 'chat CPU µs', 'Postgres CPU µs', 'client CPU µs'], rows },
      ],
      verdicts: verdicts(measured, cases, options.quick),
      problems: measured.complaints(),
    };
  } finally {
    await database?.close();
    await instance.stop();
  }
}
