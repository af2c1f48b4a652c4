import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  partitionOf,
  type MessagesPerDay,
  type MyChannel,
  type MyWorkspace,
  type SearchResult,
} from '#contracts';
import { createApi, EventStream, memoryStorage, Outbox, type Message, type ChannelId } from '#client';
import { eventually } from '#testing';
import { nextEvent, RunningParley, type Person } from './running-parley.js';

const PATIENCE = { timeoutMs: 40_000, everyMs: 100 };
const SERVICES = ['gateway', 'chat', 'notify'] as const;

const workersOf = async (pid: number): Promise<number[]> =>
  (await promisify(execFile)('pgrep', ['-P', String(pid)])).stdout.trim().split('\n').map(Number);

describe('a Parley of two processes for each service, and four partitions', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;

  const whole = (service: string) =>
    eventually(async () => {
      const readiness: unknown = await (await fetch(`${parley.instance.urls[service]}/health/ready`)).json();
      expect(readiness).toMatchObject({ status: 'ready', workers: { expected: 2, serving: 2 } });
    }, PATIENCE);

  beforeAll(async () => {
    parley = await RunningParley.start({ restart: true, env: { WORKERS: '2', EVENT_PARTITIONS: '4' } });
    await Promise.all(SERVICES.map(whole));
    ({ ada, bob, workspaceId, channelId } = await parley.team());
  }, 120_000);
  const closing: { close(): void }[] = [];
  afterAll(async () => {
    closing.forEach((one) => one.close());
    await parley?.stop();
  }, 60_000);

  it('loses and doubles nothing while one of each is killed', async () => {
    const api = ({ token }: Person) => createApi({ baseUrl: parley.url, accessToken: () => token });
    const heard: Message[] = [];
    let resyncs = 0;
    const bobs = api(bob);
    const { eventsUrl, cursor } = await bob.bootstrap(workspaceId);
    // Several devices, so that both processes of notify have one at least.
    const streams = Array.from(
      { length: 6 },
      (_, device) =>
        new EventStream({
          api: bobs,
          url: eventsUrl,
          cursor,
          onEvent: (event) => {
            if (event.type === 'message.created' && device === 0) heard.push(event.data.message);
          },
          onResync: () => void resyncs++,
        }),
    );
    streams.forEach((stream) => stream.start());
    closing.push(...streams);
    const sent: Message[] = [];
    const outbox = new Outbox({
      api: api(ada),
      storage: memoryStorage(),
      onSent: (message) => sent.push(message),
    });
    closing.push(outbox);
    let written = 0;
    const writing = setInterval(() => outbox.send(channelId as ChannelId, `message ${++written}`), 20);
    closing.push({ close: () => clearInterval(writing) });

    for (const service of SERVICES) {
      const before = await workersOf(parley.instance.pids[service] as number);
      expect(before).toHaveLength(2);
      process.kill(before[0] as number, 'SIGKILL');
      await whole(service);
      const after = await workersOf(parley.instance.pids[service] as number);
      expect(after).toContain(before[1]);
      expect(after).not.toContain(before[0]);
    }
    clearInterval(writing);

    await eventually(() => expect(sent).toHaveLength(written), PATIENCE);
    await eventually(() => expect(heard.length).toBeGreaterThanOrEqual(written), PATIENCE);
    const all = Array.from({ length: written }, (_, index) => `message ${index + 1}`);
    // What chat had committed but not published when it was killed comes late; its place is told by `seq`.
    const ordered = heard.toSorted((a, b) => a.seq - b.seq);
    expect(ordered.map(({ text }) => text)).toEqual(all);
    expect(ordered.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    expect((await bob.history(channelId)).map(({ text }) => text)).toEqual(all);
    expect(resyncs).toBe(0);
  }, 120_000);

  it('has every consumer hear every partition', async () => {
    const partitions = new Set<number>();
    const workspaces: string[] = [];
    // Ids are random: as many workspaces as it takes to have three of the partitions.
    while (partitions.size < 3) {
      const { body } = await ada.call<MyWorkspace>('POST /workspaces', { name: 'Acme' });
      partitions.add(partitionOf(body.id, 4));
      workspaces.push(body.id);
    }
    for (const id of workspaces) {
      const stream = await ada.listen(id);
      const [general] = (await ada.bootstrap(id)).channels as [MyChannel];
      await ada.send(general.channel.id, 'zebra');
      await ada.send(general.channel.id, '/ping');
      for (const said of [/zebra/, /ping/, /pong/i])
        expect((await nextEvent(stream, 'message.created')).event.data.message.text).toMatch(said);
      await stream.close();
      await eventually(async () => {
        const found = await ada.call<SearchResult>(`GET /workspaces/${id}/search?q=zebra`);
        expect(found.body.data).toHaveLength(1);
        const counted = await ada.call<MessagesPerDay>(`GET /workspaces/${id}/analytics/messages-per-day`);
        expect(counted.body.data.reduce((sum, day) => sum + day.messages, 0)).toBeGreaterThanOrEqual(3);
      }, PATIENCE);
    }
  }, 120_000);

  it('counts what both have done', async () => {
    const metrics = await (await fetch(`${parley.instance.urls['chat']}/metrics`)).text();
    expect(metrics).toContain('parley_workers{service="chat"} 2');
    expect(metrics).toContain('parley_worker_restarts_total{service="chat"} 1');
    expect(metrics).toMatch(/^parley_http_request_duration_seconds_count\{.*service="chat".*\} \d+$/m);
  });

  it('ends as a whole when it is told to', async () => {
    const pid = parley.instance.pids['notify'] as number;
    const workers = await workersOf(pid);
    await parley.instance.restart('notify');
    const alive = workers.filter((worker) => {
      try {
        return process.kill(worker, 0);
      } catch {
        return false;
      }
    });
    expect(alive).toEqual([]);
    await whole('notify');
  }, 60_000);
});
