import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import {
  AUTH,
  CHANNEL,
  cleanUp,
  MESSAGES,
  problemOf,
  rawClient,
  standIn,
  startEdge,
  tcpStandIn,
  type TestEdge,
} from './edge.js';

afterEach(cleanUp);

const echo: RequestListener = (request, response) => {
  response.writeHead(201, { 'content-type': 'application/octet-stream', 'x-request-id': 'upstream' });
  request.pipe(response);
};
const post = (edge: TestEdge, body: RequestInit['body'], headers: Record<string, string> = {}) =>
  fetch(`${edge.url}${MESSAGES}`, {
    method: 'POST',
    body,
    headers: { ...AUTH, ...headers },
    duplex: 'half',
  } as RequestInit);
describe('an exchange', () => {
  it('carries head and small body both ways', async () => {
    const chat = await standIn(echo);
    const edge = await startEdge({ chat: [chat.url] });
    const reply = await post(edge, 'grüße', { 'x-request-id': 'abc-1', connection: 'keep-alive' });
    expect(reply.status).toBe(201);
    expect(await reply.text()).toBe('grüße');
    expect(reply.headers.get('x-request-id')).toBe('abc-1');
    expect(chat.seen[0]).toMatchObject({
      method: 'POST',
      url: MESSAGES,
      headers: {
        'x-request-id': 'abc-1',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': `127.0.0.1:${edge.port}`,
        authorization: AUTH.authorization,
        'content-length': '7',
      },
    });
  });

  it('replaces a request id that could hurt a log', async () => {
    const chat = await standIn();
    const edge = await startEdge({ chat: [chat.url] });
    const reply = await post(edge, '{}', { 'x-request-id': 'a b{c}' });
    expect(reply.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect(chat.seen[0]?.headers['x-request-id']).toBe(reply.headers.get('x-request-id'));
  });

  it('streams large bodies both ways, by length and in chunks', async () => {
    const chat = await standIn(echo);
    const edge = await startEdge({ chat: [chat.url] });
    const body = randomBytes(64 * 1024);
    const byLength = await post(edge, body);
    expect(Buffer.from(await byLength.arrayBuffer()).equals(body)).toBe(true);
    const chunks = new ReadableStream({
      start: (controller) => {
        for (let at = 0; at < body.length; at += 100_000) controller.enqueue(body.subarray(at, at + 100_000));
        controller.close();
      },
    });
    const inChunks = await post(edge, chunks);
    expect(Buffer.from(await inChunks.arrayBuffer()).equals(body)).toBe(true);
    expect(chat.seen[1]?.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
  });

  it('streams replies far larger than any buffer to a slow reader', async () => {
    const size = 24 * 1024 * 1024;
    const chat = await standIn((_request, response) => {
      response.setHeader('content-length', size);
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      let sent = 0;
      const more = () => {
        while (sent < size) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const edge = await startEdge({ chat: [chat.url] });
    const reply = await fetch(`${edge.url}/api/v1/me`, { headers: AUTH });
    await new Promise((resolve) => setTimeout(resolve, 200));
    let total = 0;
    for await (const chunk of reply.body as unknown as AsyncIterable<Uint8Array>) total += chunk.length;
    expect(total).toBe(size);
  });

  it('starts the reply before the request has ended', async () => {
    const chat = await standIn(echo);
    const edge = await startEdge({ chat: [chat.url] });
    const client = rawClient(edge.port);
    client.write(
      `POST ${MESSAGES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    );
    await client.until(/abc/);
    client.write('3\r\ndef\r\n0\r\n\r\n');
    await client.until(/def\r\n0\r\n/);
  });

  it('carries empty, missing and empty chunked bodies, HEAD and 204', async () => {
    const chat = await standIn((request, response) => {
      if (request.method === 'DELETE') response.writeHead(204).end();
      else request.pipe(response);
    });
    const edge = await startEdge({ chat: [chat.url] });
    expect((await post(edge, '')).status).toBe(200);
    expect((await post(edge, new ReadableStream({ start: (controller) => controller.close() }))).status).toBe(
      200,
    );
    expect((await fetch(`${edge.url}/api/v1/me`, { method: 'HEAD', headers: AUTH })).status).toBe(200);
    const gone = await fetch(`${edge.url}/api/v1/messages/${CHANNEL}`, { method: 'DELETE', headers: AUTH });
    expect(gone.status).toBe(204);
  });

  it('reuses its connections to the upstream', async () => {
    const chat = await standIn();
    let connections = 0;
    chat.server.on('connection', () => (connections += 1));
    const edge = await startEdge({ chat: [chat.url] });
    for (let i = 0; i < 20; i += 1) await (await post(edge, `{"n":${i}}`)).text();
    expect(connections).toBe(1);
  });

  it('bounds connections, lets the rest wait, and refuses beyond that', async () => {
    const waiting: (() => void)[] = [];
    const chat = await standIn((_request, response) => void waiting.push(() => response.end('{}')));
    const edge = await startEdge({ chat: [chat.url], upstream: { maxConnections: 2, maxWaiting: 2 } });
    const replies = Array.from({ length: 4 }, () => fetch(`${edge.url}/api/v1/me`, { headers: AUTH }));
    await eventually(() => expect(waiting).toHaveLength(2));
    await eventually(async () => {
      const refused = await fetch(`${edge.url}/api/v1/me`, { headers: AUTH });
      expect(await problemOf(refused)).toMatchObject({ code: 'overloaded', status: 503 });
      expect(refused.headers.get('retry-after')).toBe('1');
    });
    await eventually(async () => {
      waiting.splice(0).forEach((finish) => finish());
      const settled = await Promise.race([
        Promise.all(replies),
        new Promise<null>((resolve) => setTimeout(resolve, 50, null)),
      ]);
      expect(settled?.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });
  });

  it('cancels the upstream when the client leaves', async () => {
    let cancelled = false;
    const chat = await standIn(
      (request, response) =>
        void response.on('close', () => (cancelled = !request.complete || !response.writableEnded)),
    );
    const edge = await startEdge({ chat: [chat.url] });
    const abort = new AbortController();
    const reply = fetch(`${edge.url}/api/v1/me`, { headers: AUTH, signal: abort.signal });
    await eventually(() => expect(chat.seen).toHaveLength(1));
    abort.abort();
    await expect(reply).rejects.toThrow();
    await eventually(() => expect(cancelled).toBe(true));
    expect(edge.balancers.chat.upstreams[0]?.inFlight).toBe(0);
  });

  it('breaks off towards the client when the upstream breaks off in its reply', async () => {
    const chat = await standIn((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('some');
      setTimeout(() => response.destroy(), 20);
    });
    const edge = await startEdge({ chat: [chat.url] });
    const reply = await fetch(`${edge.url}/api/v1/me`, { headers: AUTH });
    await expect(reply.text()).rejects.toThrow();
  });

  it('gives up on an upstream that does not answer in time', async () => {
    const chat = await standIn(() => undefined);
    const edge = await startEdge({ chat: [chat.url], upstream: { progressMs: 100 } });
    const reply = await fetch(`${edge.url}/api/v1/me`, { headers: AUTH });
    expect(await problemOf(reply)).toMatchObject({ code: 'unavailable', status: 503 });
    expect(chat.seen).toHaveLength(1);
  });

  it('turns a malformed reply into a problem and drops that connection', async () => {
    const url = await tcpStandIn((socket) =>
      socket.on('data', () =>
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
      ),
    );
    const edge = await startEdge({ chat: [url] });
    expect(await problemOf(await post(edge, '{}'))).toMatchObject({ code: 'unavailable' });
  });

  it('never takes bytes nobody asked for as a reply', async () => {
    const url = await tcpStandIn((socket, connection) => {
      socket.on('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n0${connection}`);
        setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'), 10);
      });
    });
    const edge = await startEdge({ chat: [url] });
    expect(await (await post(edge, '{}')).text()).toBe('01');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await (await post(edge, '{}')).text()).toBe('02');
  });

  it('gives the early refusal of an upstream to a client that still sends', async () => {
    const chat = await standIn((_request, response) =>
      response.writeHead(415, { connection: 'close' }).end('no'),
    );
    const edge = await startEdge({ chat: [chat.url] });
    const client = rawClient(edge.port);
    client.write(
      `POST ${MESSAGES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Length: 60000\r\n\r\n${'x'.repeat(1000)}`,
    );
    await client.until(/415[^]*no\r\n/);
  });
});

describe('bodies that are too large', () => {
  it('are refused by their announced length, before anything reaches chat', async () => {
    const chat = await standIn();
    const edge = await startEdge({ chat: [chat.url] });
    expect(await problemOf(await post(edge, Buffer.alloc(64 * 1024 + 1)))).toMatchObject({
      code: 'request.too_large',
      status: 413,
    });
    expect(chat.seen).toHaveLength(0);
  });

  it('are as large as their route allows, and no larger', async () => {
    const chat = await standIn(echo);
    const edge = await startEdge({ chat: [chat.url] });
    const upload = (bytes: number) =>
      fetch(`${edge.url}/api/v1/images`, {
        method: 'POST',
        headers: { ...AUTH, 'content-type': 'image/png' },
        body: Buffer.alloc(bytes, 1),
      });
    const fits = await upload(512 * 1024);
    expect((await fits.arrayBuffer()).byteLength).toBe(512 * 1024);
    expect(await problemOf(await upload(512 * 1024 + 1))).toMatchObject({ code: 'request.too_large' });
  });

  it('are refused by counting when they announce nothing, and chat never sees their end', async () => {
    let complete = 0;
    const chat = await standIn((request) => void request.on('end', () => (complete += 1)).resume());
    const edge = await startEdge({ chat: [chat.url] });
    const client = rawClient(edge.port);
    client.write(
      `POST ${MESSAGES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    for (let i = 0; i < 12; i += 1) client.write(`186a0\r\n${'x'.repeat(100_000)}\r\n`);
    await client.until(/413 Payload Too Large[^]*request\.too_large/);
    client.write('0\r\n\r\n');
    await client.closed;
    expect(complete).toBe(0);
  });

  it('do not keep a connection open for a client that goes on for ever', async () => {
    const edge = await startEdge({ chat: [(await standIn()).url] });
    const client = rawClient(edge.port);
    client.write(
      `POST ${MESSAGES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Length: 900000000\r\n\r\n`,
    );
    const flood = setInterval(() => client.write('x'.repeat(1_000_000)), 10);
    await client.closed;
    clearInterval(flood);
    expect(client.received()).toContain('413');
  });
});

describe('load', () => {
  it('is spread over upstreams', async () => {
    const [one, two] = [await standIn(), await standIn()];
    const edge = await startEdge({ chat: [one.url, two.url] });
    for (let i = 0; i < 20; i += 1) await (await post(edge, '{}')).text();
    expect([one.seen.length, two.seen.length]).toEqual([10, 10]);
  });

  it('goes to the service that owns the route', async () => {
    const [chat, analytics] = [await standIn(), await standIn()];
    const edge = await startEdge({ chat: [chat.url], analytics: [analytics.url] });
    await fetch(`${edge.url}/api/v1/workspaces/${CHANNEL}/analytics/messages-per-day`, { headers: AUTH });
    expect([chat.seen.length, analytics.seen.length]).toEqual([0, 1]);
  });
});

describe('draining', () => {
  it('finishes what runs and closes its connection after it', async () => {
    let finish: () => void = () => undefined;
    const chat = await standIn((_request, response) => void (finish = () => response.end('done')));
    const edge = await startEdge({ chat: [chat.url] });
    const agent = new Agent({ keepAlive: true });
    const running = httpRequest(`${edge.url}/api/v1/me`, { headers: AUTH, agent }).end();
    await eventually(() => expect(chat.seen).toHaveLength(1));
    edge.door.drain();
    const closed = once(edge.server, 'close');
    edge.server.close();
    finish();
    const [reply] = (await once(running, 'response')) as [IncomingMessage];
    expect(reply).toMatchObject({ statusCode: 200, headers: { connection: 'close' } });
    reply.resume();
    await closed;
    agent.destroy();
  });
});
