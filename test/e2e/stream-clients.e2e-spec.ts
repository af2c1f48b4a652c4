import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { CreatedStreamTicket } from '#contracts';
import { eventually, openStream, StreamRefused, type EventStream } from '#testing';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.js';
import { RunningParley, type Person } from './running-parley.js';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const docs = readFileSync(join(ROOT, 'docs/events.md'), 'utf8');
/** The example under a heading of the page, as it stands there. */
const example = (heading: string): string => {
  const code = new RegExp(`^#### ${heading}\\n[^]*?\`\`\`(?:bash|js)\\n([^]*?)\`\`\``, 'm').exec(docs)?.[1];
  if (code === undefined) throw new Error(`docs/events.md has no example for ${heading}`);
  return code;
};
/** A client as plain as can be: it comes back after `retry`, from the last id that it has dealt with. */
class Follower {
  readonly heard: string[] = [];
  /** `retry` of the streams that a shutdown ended. */
  readonly drained: number[] = [];
  private stream: EventStream | undefined;
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly person: Person,
    private readonly workspaceId: string,
    private cursor: string,
  ) {
    this.running = this.follow();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.stream?.close();
    await this.running;
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      let retry = 500;
      try {
        this.stream = await this.person.stream(this.workspaceId, this.cursor);
        for await (const frame of this.stream) {
          retry = frame.retry ?? retry;
          if (frame.comment === 'draining') this.drained.push(retry);
          if (frame.event === 'message.created') this.heard.push(textOf(frame.data));
          this.cursor = frame.id ?? this.cursor;
        }
      } catch (error) {
        // Refused by the one that goes down, or by a gateway that has not noticed yet.
        if (!(error instanceof StreamRefused && error.status === 503)) throw error;
      }
      if (!this.stopped) await delay(retry);
    }
  }
}

const textOf = (data: string): string =>
  (JSON.parse(data) as { data: { message: { text: string } } }).data.message.text;

const NOTIFIES = ['notify', 'notify-2'] as const;

describe('clients of event streams', () => {
  let parley: RunningParley;
  let ada: Person;
  let workspaceId: string;
  let channelId: string;

  beforeAll(async () => {
    parley = await RunningParley.start({
      services: ['gateway', 'chat', ...NOTIFIES],
      engines: ['postgres', 'nats', 'redis'],
      env: {
        STREAM_HEARTBEAT_MS: '1000',
        STREAM_DRAIN_MS: '2000',
        STREAM_DRAIN_RETRY_MS: '1500',
        LOG_LEVEL: 'trace',
      },
    });
    ({ ada, workspaceId, channelId } = await parley.team());
  }, 120_000);
  afterAll(() => parley?.stop(), 60_000);

  const streamsOf = async (name: string): Promise<number> => {
    const text = await (await fetch(`${parley.instance.urls[name]}/metrics`)).text();
    return Number(/^parley_streams_open(?:\{[^}]*\})? (\d+)$/m.exec(text)?.[1]);
  };
  const say = async (text: string) => expect((await ada.send(channelId, text)).status).toBe(201);

  describe('from the docs alone', () => {
    let browser: Browser;
    let site: Server;
    const programs: ChildProcess[] = [];
    const api = () => `${parley.url}/api/v1`;

    beforeAll(async () => {
      browser = await launchBrowser();
      // Somebody else's site, whose server holds a token.
      site = createServer((request, response) => {
        response.setHeader('content-type', 'text/html');
        if (request.url !== '/parley-ticket') return void response.end(pageOf(example(ELSEWHERE)));
        return void ada
          .call<CreatedStreamTicket>(`POST /workspaces/${workspaceId}/events/tickets`)
          .then(({ body }) => {
            tickets.push(body.ticket);
            response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
          });
      });
      await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    }, 60_000);
    afterEach(async () => {
      for (const program of programs.splice(0)) program.kill('SIGKILL');
      for (const context of browser.contexts()) await context.close();
    });
    afterAll(async () => {
      await browser?.close();
      site?.close();
    });
    const tickets: string[] = [];
    const ELSEWHERE = 'EventSource, on a page of another origin';
    const imports = JSON.stringify({ imports: { '@microsoft/fetch-event-source': '/modules/index' } });
    const pageOf = (code: string): string =>
      `<script type="importmap">${imports}</script><script type="module">
        const url = ${JSON.stringify(api())}, workspace = '${workspaceId}', token = '${ada.token}';
        ${code}
      </script>`;
    const siteUrl = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}`;

    /** Lines that a program writes. */
    const program = (command: string, ...args: string[]): string[] => {
      const child = spawn(command, args, {
        cwd: ROOT,
        env: { ...process.env, url: api(), workspace: workspaceId, token: ada.token },
      });
      programs.push(child);
      const lines: string[] = [];
      let rest = '';
      child.stdout.on('data', (data: Buffer) => {
        const parts = (rest + data.toString()).split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts);
      });
      child.stderr.on('data', (data: Buffer) => lines.push(`stderr: ${data.toString()}`));
      return lines;
    };

    /** Lines that the script of a page logs. */
    const open = async (tab: Page, url: string): Promise<string[]> => {
      const lines: string[] = [];
      tab.on('console', (message) => message.type() === 'log' && lines.push(message.text()));
      tab.on('pageerror', (error) => lines.push(`error: ${error.message}`));
      await tab.goto(url);
      return lines;
    };
    const tab = async (cookies: { name: string; value: string }[] = []): Promise<Page> => {
      const context = await browser.newContext();
      await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: parley.url })));
      return context.newPage();
    };
    /** A page of Parley's own origin with this script, which may import fetch-event-source. */
    const atHome = async (page: Page, code: string): Promise<string[]> => {
      await page.route(`${parley.url}/modules/**`, (route) => {
        const name = new URL(route.request().url()).pathname.split('/').at(-1) as string;
        const folder = 'node_modules/@microsoft/fetch-event-source/lib/esm';
        const body = readFileSync(join(ROOT, folder, `${name}.js`), 'utf8');
        return route.fulfill({ contentType: 'text/javascript', body });
      });
      await page.route(`${parley.url}/client`, (route) =>
        route.fulfill({ contentType: 'text/html', body: pageOf(code) }),
      );
      return open(page, `${parley.url}/client`);
    };

    const clients: [string, () => string[] | Promise<string[]>, (line: string) => string | undefined][] = [
      [
        'curl',
        () => program('bash', '-c', example('curl')),
        (line) => (JSON.parse(line) as { data: { message?: { text: string } } }).data.message?.text,
      ],
      [
        'EventSource with the cookie',
        async () =>
          atHome(
            await tab([{ name: 'parley_access', value: ada.token }]),
            example("EventSource, on a page of Parley's own origin"),
          ),
        (line) => line,
      ],
      ['EventSource with tickets', async () => open(await tab(), siteUrl()), (line) => line],
      [
        'fetch-event-source',
        async () => atHome(await tab(), example('@microsoft/fetch-event-source')),
        (line) => line,
      ],
      [
        'eventsource of npm',
        () =>
          program(process.execPath, '--input-type=module', '-e', example('eventsource of npm, in Node.js')),
        (line) => line,
      ],
    ];

    it.each(clients)(
      '%s hears what is said, and misses nothing when the server dies under it',
      async (_name, start, textOf) => {
        // A server learns a little later that a client has gone.
        const counts = () => Promise.all(NOTIFIES.map(streamsOf));
        await eventually(async () => expect(await counts()).toEqual([0, 0]), { timeoutMs: 20_000 });
        const lines = await start();
        const heard = () => lines.map(textOf).filter((text) => text !== undefined);
        const opened = await eventually(
          async () => {
            const index = (await counts()).findIndex((count) => count > 0);
            if (index < 0) throw new Error(`no stream was opened: ${lines.join('\n')}`);
            return NOTIFIES[index] as string;
          },
          { timeoutMs: 20_000, everyMs: 100 },
        );
        const texts = Array.from({ length: 6 }, () => `said ${randomUUID()}`);
        for (const text of texts.slice(0, 2)) await say(text);
        await eventually(() => expect(heard()).toEqual(texts.slice(0, 2)), { timeoutMs: 20_000 });
        await parley.instance.kill(opened);
        for (const text of texts.slice(2, 4)) await say(text);
        await eventually(() => expect(heard()).toEqual(texts.slice(0, 4)), { timeoutMs: 30_000 });
        await parley.instance.start(opened);
        for (const text of texts.slice(4)) await say(text);
        await eventually(() => expect(heard()).toEqual(texts), { timeoutMs: 20_000 });
      },
      120_000,
    );

    it('tickets are in no log', () => {
      expect(tickets.length).toBeGreaterThan(1);
      const logs = readdirSync(parley.instance.logDir).map((name) =>
        readFileSync(join(parley.instance.logDir, name), 'utf8'),
      );
      expect(logs.join('')).toContain('"service":"notify"');
      for (const ticket of tickets) expect(logs.join('').includes(ticket)).toBe(false);
    });
  });

  it('that want little are told how far it has come, and go on from there', async () => {
    const at = `${parley.url}/api/v1/workspaces/${workspaceId}/events?types=channel.*`;
    const [all, some] = [await ada.listen(workspaceId), await openStream(at, ada.token)];
    await say('one');
    const { id } = await all.next((frame) => frame.event === 'message.created');
    expect(await some.next((frame) => frame.id === id)).toMatchObject({ event: 'stream.position' });
    await some.close();
    await say('two');
    const channel = await ada.channel(workspaceId);
    const again = await openStream(at, ada.token, id);
    expect((await again.next()).event).toBe('stream.ready');
    const created = await again.next();
    expect(created.event).toBe('channel.created');
    expect(created.data).toContain(channel);
    for (const stream of [all, again]) await stream.close();
  });

  describe('and a rolling restart', () => {
    it('are all live on the other process afterwards, and have heard everything once', async () => {
      const { cursor } = await ada.bootstrap(workspaceId);
      const followers = Array.from({ length: 12 }, () => new Follower(ada, workspaceId, cursor as string));
      await eventually(async () =>
        expect((await Promise.all(NOTIFIES.map(streamsOf))).sort()).toEqual([6, 6]),
      );
      const texts: string[] = [];
      let going = true;
      const sending = (async () => {
        while (going) {
          const text = `said ${randomUUID()}`;
          await say(text);
          texts.push(text);
          await delay(50);
        }
      })();
      await delay(500);
      await parley.instance.kill('notify', 'SIGTERM');
      await eventually(async () => expect(await streamsOf('notify-2')).toBe(12));
      await delay(500);
      going = false;
      await sending;
      for (const follower of followers)
        await eventually(() => expect(follower.heard.length).toBeGreaterThanOrEqual(texts.length));
      for (const { heard } of followers) expect(heard).toEqual(texts);
      // Those that had to go were told when to come back, each at its own time.
      const told = followers.flatMap(({ drained }) => drained);
      expect(told).toHaveLength(6);
      expect(new Set(told).size).toBeGreaterThan(1);
      for (const retry of told) expect(retry).toBeLessThan(1600);
      await Promise.all(followers.map((follower) => follower.stop()));
      await parley.instance.start('notify');
    }, 90_000);
  });
});
