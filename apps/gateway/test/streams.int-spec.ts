import { afterEach, describe, expect, it } from '@jest/globals';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { eventually } from '#testing';
import {
  cleanUp,
  closedPort,
  EVENTS,
  rawClient,
  standIn,
  startEdge,
  tcpStandIn,
  type EdgeOptions,
} from './edge.js';

afterEach(cleanUp);

const GET = (path: string, ...lines: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: x', 'Authorization: Bearer good', ...lines, '', ''].join('\r\n');

/** A stand-in for notify that keeps every stream at hand. */
const setUp = async (options: EdgeOptions = {}, listener?: RequestListener) => {
  const open: ServerResponse[] = [];
  const notify = await standIn(
    listener ??
      ((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' });
        response.write('event: stream.ready\ndata: {}\n\n');
        open.push(response);
      }),
  );
  const chat = await standIn();
  const edge = await startEdge({ chat: [chat.url], notify: [notify.url], ...options });
  return { notify, chat, edge, open, upstream: edge.balancers.notify.upstreams[0] };
};
const opened = async (port: number, ...lines: string[]) => {
  const client = rawClient(port);
  client.write(GET(`${EVENTS}?after=e-1`, ...lines));
  await client.until(/stream\.ready/);
  return client;
};

describe('an event stream', () => {
  it('passes through as it is, with the reply head of notify', async () => {
    const { notify, edge, open } = await setUp();
    const client = await opened(
      edge.port,
      'Last-Event-ID: e-9',
      'X-Request-Id: s-1',
      'X-Forwarded-For: 6.6.6.6',
    );
    expect(client.received()).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream/i);
    expect(notify.seen[0]).toMatchObject({
      url: `${EVENTS}?after=e-1`,
      headers: {
        'last-event-id': 'e-9',
        'x-request-id': 's-1',
        'x-forwarded-for': '127.0.0.1',
        authorization: 'Bearer good',
        connection: 'close',
      },
    });
    open[0]?.write('id: e-10\nevent: message.created\ndata: {"text":"grüße"}\n\n');
    await client.until(/e-10[^]*\n\n/);
    expect(Buffer.from(client.received(), 'latin1').toString()).toContain('grüße');
    expect(edge.streams.size).toBe(1);
  });

  it('carries large bursts unharmed', async () => {
    const { edge, open } = await setUp();
    const client = await opened(edge.port);
    const before = client.received().length;
    const burst = Array.from({ length: 20_000 }, (_, i) => `data: ${String(i).padStart(100, '.')}\n\n`);
    for (const event of burst) open[0]?.write(event);
    open[0]?.end();
    await client.closed;
    const text = client
      .received()
      .slice(before)
      .replace(/\r\n[0-9a-f]+\r\n/g, '');
    expect(text).toContain(burst.at(-1)?.trim());
    expect(text.match(/data: /g)).toHaveLength(burst.length);
  });

  it('can follow other requests on the same connection', async () => {
    const { edge, chat } = await setUp();
    const client = rawClient(edge.port);
    client.write(GET('/api/v1/me'));
    await client.until(/"ok":true/);
    client.write(GET(EVENTS));
    await client.until(/stream\.ready/);
    expect(chat.seen).toHaveLength(1);
  });

  it('waits for its turn when pipelined behind a reply that is not finished', async () => {
    const chat = await standIn((_request, response) => void setTimeout(() => response.end('slow'), 100));
    const { edge } = await setUp({ chat: [chat.url] });
    const client = rawClient(edge.port);
    client.write(GET('/api/v1/me') + GET(EVENTS));
    expect(await client.until(/stream\.ready/)).toMatch(/slow[^]*stream\.ready/);
  });

  it('discards what its client goes on sending', async () => {
    const { edge, chat, open } = await setUp();
    const client = await opened(edge.port);
    client.write(GET('/api/v1/me').repeat(1000));
    open[0]?.write('data: still here\n\n');
    await client.until(/still here/);
    expect(chat.seen).toHaveLength(0);
  });

  it.each(['destroy', 'end'] as const)('ends at notify when the client leaves by %s', async (how) => {
    const { edge, open, upstream } = await setUp();
    const client = await opened(edge.port);
    let closed = false;
    open[0]?.on('close', () => (closed = true));
    client.socket[how]();
    await eventually(() => expect(closed).toBe(true));
    await eventually(() => expect([edge.streams.size, upstream?.inFlight]).toEqual([0, 0]));
  });

  it('ends at the client when notify ends it, after the last byte', async () => {
    const { edge, open } = await setUp();
    const client = await opened(edge.port);
    open[0]?.end('data: bye\n\n');
    await client.closed;
    expect(client.received()).toContain('data: bye');
    await eventually(() => expect(edge.streams.size).toBe(0));
  });

  it('ends at the client when notify dies', async () => {
    const { edge, open } = await setUp();
    const client = await opened(edge.port);
    open[0]?.socket?.resetAndDestroy();
    await client.closed;
    await eventually(() => expect(edge.streams.size).toBe(0));
  });

  it('is refused by notify in its own words', async () => {
    const body = '{"code":"workspace.not_found"}';
    const { edge } = await setUp({}, (_request, response) =>
      response
        .writeHead(404, {
          'content-type': 'application/problem+json',
          connection: 'close',
          'content-length': body.length,
        })
        .end(body),
    );
    const reply = await fetch(`${edge.url}${EVENTS}`, { headers: { authorization: 'Bearer good' } });
    expect(reply.status).toBe(404);
    expect(await reply.text()).toBe(body);
  });

  it('detaches the parser of its client from the HTTP server', async () => {
    const { edge } = await setUp();
    const sockets: Socket[] = [];
    edge.server.on('connection', (socket: Socket) => sockets.push(socket));
    await opened(edge.port);
    const [socket] = sockets as (Socket & { parser?: unknown; _httpMessage?: unknown })[];
    expect(socket?.parser).toBeNull();
    expect(socket?._httpMessage).toBeNull();
    expect(socket?.listenerCount('data')).toBe(0);
  });
});

describe('a stream that cannot be opened', () => {
  const refused = async (url: string, options: EdgeOptions = {}) => {
    const { edge } = await setUp({ ...options, notify: [url] });
    const reply = await fetch(`${edge.url}${EVENTS}`, { headers: { authorization: 'Bearer good' } });
    const { code } = (await reply.json()) as { code: string };
    return { status: reply.status, code, retryAfter: reply.headers.get('retry-after'), edge };
  };

  it('is 503 when notify is down, and its breaker opens', async () => {
    const { edge, ...reply } = await refused(await closedPort());
    expect(reply).toEqual({ status: 503, code: 'unavailable', retryAfter: '1' });
    for (let i = 0; i < 5; i += 1)
      await fetch(`${edge.url}${EVENTS}`, { headers: { authorization: 'Bearer good' } });
    expect(edge.balancers.notify.upstreams[0]?.breaker.state).toBe('open');
  });

  it('is 503 when notify closes before it says anything', async () => {
    expect(await refused(await tcpStandIn((socket) => socket.destroy()))).toMatchObject({
      status: 503,
      code: 'unavailable',
    });
  });

  it('is 503 when notify can not be reached in time', async () => {
    expect(await refused('http://192.0.2.1:9', { upstream: { connectMs: 100 } })).toMatchObject({
      status: 503,
    });
  });

  it('is opened at another notify when the first is down', async () => {
    const notify = await standIn((_request, response) => response.write('data: stream.ready\n\n'));
    const edge = await startEdge({ notify: [await closedPort(), notify.url] });
    for (let i = 0; i < 3; i += 1) await opened(edge.port);
    expect(notify.seen).toHaveLength(3);
  });

  it('is cancelled at notify when the client does not wait', async () => {
    let closed = false;
    const { edge, notify, upstream } = await setUp(
      {},
      (request) => void request.socket.on('close', () => (closed = true)),
    );
    const client = rawClient(edge.port);
    client.write(GET(EVENTS));
    await eventually(() => expect(notify.seen).toHaveLength(1));
    client.socket.destroy();
    await eventually(() => expect([closed, upstream?.inFlight]).toEqual([true, 0]));
    expect(upstream?.breaker.state).toBe('closed');
  });
});

describe('a slow client', () => {
  const flood = (response: ServerResponse | undefined) => {
    const chunk = `data: ${'x'.repeat(64 * 1024)}\n\n`;
    let written = 0;
    const timer = setInterval(() => {
      if (!response || response.destroyed || response.writableLength > 8 * 1024 * 1024) return;
      response.write(chunk);
      written += chunk.length;
    }, 1);
    return { stop: () => clearInterval(timer), written: () => written };
  };

  it('makes notify wait instead of filling our memory, and gets everything in the end', async () => {
    const { edge, open } = await setUp();
    const client = await opened(edge.port);
    client.socket.pause();
    const source = flood(open[0]);
    await eventually(() => expect(open[0]?.writableLength ?? 0).toBeGreaterThan(1024 * 1024), {
      timeoutMs: 15_000,
    });
    source.stop();
    client.socket.resume();
    open[0]?.end('data: last\n\n');
    await client.closed;
    expect(client.received()).toContain('data: last');
    expect(client.received().length).toBeGreaterThan(source.written());
  });

  it('is dropped when it takes nothing for too long, and another stream does not notice', async () => {
    const { edge, open } = await setUp({ streamTiming: { sweepMs: 50, stallMs: 200 } });
    const slow = await opened(edge.port);
    const fast = await opened(edge.port);
    slow.socket.pause();
    const source = flood(open[0]);
    await eventually(() => expect(edge.streams.size).toBe(1), { timeoutMs: 15_000 });
    source.stop();
    open[1]?.write('data: unharmed\n\n');
    await fast.until(/unharmed/);
  });
});

describe('draining', () => {
  it('closes all streams and opens no more', async () => {
    const { edge, open } = await setUp();
    const clients = await Promise.all([1, 2, 3].map(() => opened(edge.port)));
    const ends = open.map((response) => new Promise((resolve) => response.on('close', resolve)));
    edge.door.drain();
    await Promise.all([...clients.map(({ closed }) => closed), ...ends]);
    expect(edge.streams.size).toBe(0);
    const reply = await fetch(`${edge.url}${EVENTS}`, { headers: { authorization: 'Bearer good' } });
    expect(reply.status).toBe(503);
    expect(reply.headers.get('connection')).toBe('close');
  });
});
