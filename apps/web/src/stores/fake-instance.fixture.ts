import type { ParleyEvent, ProblemCode } from '#contracts';
import { problems } from '#contracts';
import { FakeServer } from './workspace/server.fixture.js';

type Handler = (request: Request, match: RegExpExecArray, body: Record<string, string>) => unknown;

/** Answers `fetch` from a `FakeServer`, with a live event stream, and fails on demand. */
export class FakeInstance {
  readonly server: FakeServer;
  readonly requests: string[] = [];
  /** Next replies by "METHOD path-ending": a problem code, or null for no reply at all. */
  readonly failures = new Map<string, ProblemCode | null>();
  private stream: ReadableStreamDefaultController<Uint8Array> | null = null;
  private sent = 0;

  constructor(pageSize = 50) {
    this.server = new FakeServer(pageSize);
    globalThis.fetch = (input) => this.answer(input as Request);
  }

  get channelId(): string {
    return this.server.channelIds[0] ?? '';
  }

  private readonly routes: [RegExp, Handler][] = [
    [/^GET \/me$/, () => this.server.me],
    [/^POST \/auth\/(?:login|register)$/, () => ({ user: this.server.me, sessionId: 's', expiresIn: 600 })],
    [/^POST \/auth\/logout$/, () => undefined],
    [/^GET \/workspaces\/[^/]+\/bootstrap$/, () => this.bootstrap()],
    [/^GET \/workspaces\/[^/]+\/events$/, () => this.openStream()],
    [/^GET \/channels\/([^/]+)\/messages\?(.*)$/, (_, match) => this.page(match)],
    [/^POST \/channels\/[^/]+\/messages$/, (_, __, body) => this.server.receive(body)],
    [/^PATCH \/messages\/([^/]+)$/, (_, match, body) => this.server.edit(match[1] ?? '', body['text'] ?? '')],
    [/^DELETE \/messages\/[^/]+$/, () => undefined],
    [/^PUT \/channels\/[^/]+\/read-cursor$/, () => ({ channelId: this.channelId, lastReadSeq: 0 })],
    [/^POST \/(?:workspaces\/[^/]+\/(?:channels|dms)|channels\/[^/]+\/join)$/, () => this.newChannel()],
    [/^DELETE \/channels\/[^/]+\/members\/[^/]+$/, () => this.server.toggleMembership(0)],
  ];

  private bootstrap() {
    this.sent = this.server.log.length;
    return { ...this.server.bootstrap(), eventsUrl: '/api/v1/workspaces/w/events' };
  }

  private page([, channelId = '', query = '']: RegExpExecArray) {
    const seek = new URLSearchParams(query);
    const [before, after] = [seek.get('before'), seek.get('after')];
    if (after !== null) return this.server.page(channelId, { kind: 'after', seq: Number(after) });
    if (before !== null) return this.server.page(channelId, { kind: 'before', seq: Number(before) });
    return this.server.page(channelId, { kind: 'newest' });
  }

  private newChannel() {
    this.server.createChannel(true);
    return this.server.bootstrap().channels.at(-1);
  }

  private openStream(): Response {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.stream = controller;
      },
    });
    this.write('stream.ready', { type: 'stream.ready', data: { cursor: `e-${this.sent}` } }, this.sent);
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  private write(type: string, data: unknown, position: number): void {
    const frame = `id: e-${position}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
    this.stream?.enqueue(new TextEncoder().encode(frame));
  }

  /** Sends what happened since the last time. */
  publish(): void {
    for (const event of this.server.log.slice(this.sent) as ParleyEvent[])
      this.write(event.type, event, ++this.sent);
  }

  /** Skips what happened since the last time and says so. */
  lose(): void {
    this.sent = this.server.log.length;
    const data = { reason: 'expired', cursor: `e-${this.sent}` };
    this.write('stream.resync', { type: 'stream.resync', data }, this.sent);
  }

  private async answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const line = `${request.method} ${url.pathname.replace('/api/v1', '')}${url.search}`;
    this.requests.push(line);
    for (const [ending, code] of this.failures) {
      if (!line.endsWith(ending)) continue;
      if (code === null) throw new TypeError('fetch failed');
      const problem = { type: 'about:blank', ...problems[code], code, traceId: 't' };
      return Response.json(problem, { status: problem.status });
    }
    const text = await request.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, string>;
    for (const [pattern, handle] of this.routes) {
      const match = pattern.exec(line);
      if (!match) continue;
      const reply = handle(request, match, body);
      if (reply instanceof Response) return reply;
      return reply === undefined ? new Response(null, { status: 204 }) : Response.json(reply);
    }
    throw new Error(`no route for ${line}`);
  }
}
