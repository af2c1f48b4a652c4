import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import { eventually } from '#testing';
import { cleanUp, EVENTS, rawClient, standIn, startEdge, tcpStandIn, type RawClient } from './edge.js';
import { askForEvents, GET, notifyStandIn, opened, setUp } from './notify-stand-in.js';

afterEach(cleanUp);

describe('an event stream', () => {
  it('is asked for as the client did, and begins with the reply head of notify', async () => {
    const { notify, edge } = await setUp();
    const client = await opened(
      edge.port,
      'Last-Event-ID: e-9',
      'X-Request-Id: s-1',
      'X-Forwarded-For: 6.6.6.6',
      'X-Real-Ip: 6.6.6.6',
    );
    expect(client.received()).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream/i);
    expect(client.received()).toContain('x-request-id: s-1\r\n');
    const [asked] = notify.seen;
    expect(asked).toMatchObject({
      url: `${EVENTS}?after=e-1`,
      headers: {
        'last-event-id': 'e-9',
        'x-request-id': 's-1',
        'x-forwarded-for': '127.0.0.1',
        authorization: 'Bearer good',
      },
    });
    expect(asked?.headers['x-real-ip']).toBeUndefined();
    notify.tell('id: e-10\nevent: message.created\ndata: {"text":"grüße"}');
    await client.until(/e-10[^]*\n\n/);
    expect(Buffer.from(client.received(), 'latin1').toString()).toContain('grüße');
    expect(edge.streams.size).toBe(1);
  });

  it('shares one connection to notify with all others', async () => {
    const { notify, edge } = await setUp();
    let connections = 0;
    notify.server.on('connection', (socket: unknown) => {
      if ((socket as Socket).remotePort !== undefined) connections++;
    });
    const clients = await Promise.all(Array.from({ length: 20 }, () => opened(edge.port)));
    for (let i = 0; i < 100; i++) notify.tell(`id: e-${i}\ndata: x`);
    for (const client of clients) {
      await client.until(/id: e-99\n/);
      expect(client.received().match(/id: e-\d+/g)).toEqual(
        Array.from({ length: 100 }, (_, i) => `id: e-${i}`),
      );
    }
    expect([connections, notify.links.size]).toEqual([1, 1]);
  });

  it('uses as many links as it is told, where several processes share an address', async () => {
    const { notify, edge } = await setUp({ streams: { linksPerNotify: 3 } });
    for (let i = 0; i < 6; i++) await opened(edge.port);
    expect(notify.links.size).toBe(3);
  });

  it('uses all processes that share a port', async () => {
    const first = await notifyStandIn(undefined, { siblings: 2 });
    const second = await notifyStandIn(undefined, { siblings: 2, port: Number(new URL(first.url).port) });
    const edge = await startEdge({ notify: [first.url] });
    const clients: RawClient[] = [];
    for (let i = 0; i < 10; i++) clients.push(await opened(edge.port));
    for (const notify of [first, second]) {
      expect([notify.open.length, notify.links.size]).toEqual([5, 1]);
      notify.tell('data: hello');
    }
    for (const client of clients) await client.until(/hello/);
  });

  it('is spread over the processes that are listed, and comes back elsewhere when one dies', async () => {
    const [first, second] = [await notifyStandIn(), await notifyStandIn()];
    const edge = await startEdge({ notify: [first.url, second.url] });
    const clients: RawClient[] = [];
    for (let i = 0; i < 10; i++) clients.push(await opened(edge.port));
    expect([first.open.length, second.open.length]).toEqual([5, 5]);
    first.server.close();
    first.die();
    await eventually(() => expect(clients.filter(({ socket }) => socket.destroyed)).toHaveLength(5));
    second.tell('data: still here');
    for (const client of clients) if (!client.socket.destroyed) await client.until(/still here/);
    for (let i = 0; i < 5; i++) await opened(edge.port);
    expect([second.open.length, edge.streams.size]).toEqual([10, 10]);
  });

  it('carries large bursts unharmed', async () => {
    const { edge, open } = await setUp();
    const client = await opened(edge.port);
    const burst = Array.from({ length: 20_000 }, (_, i) => `data: ${String(i).padStart(100, '.')}\n\n`);
    for (let at = 0; at < burst.length; at += 500) {
      open[0]?.outlet.write(Buffer.from(burst.slice(at, at + 500).join('')), 500);
      await open[0]?.outlet.drained(10_000);
    }
    open[0]?.outlet.end('over');
    await client.closed;
    expect(client.received()).toContain(burst.join(''));
    expect(client.received()).toMatch(/: over\n\n$/);
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
    const { edge, chat, notify } = await setUp();
    const client = await opened(edge.port);
    client.write(GET('/api/v1/me').repeat(1000));
    notify.tell('data: still here');
    await client.until(/still here/);
    expect(chat.seen).toHaveLength(0);
  });

  it('shows its client signs of life', async () => {
    const { edge } = await setUp({ streams: { heartbeatMs: 200 } });
    const client = await opened(edge.port);
    await client.until(/\n:\n\n:\n\n/);
  });

  it.each(['destroy', 'end'] as const)('ends at notify when the client leaves by %s', async (how) => {
    const { edge, open, upstream } = await setUp();
    const client = await opened(edge.port);
    client.socket[how]();
    await eventually(() => expect(open[0]?.closed).toEqual(['closed']));
    await eventually(() => expect([edge.streams.size, upstream?.inFlight]).toEqual([0, 0]));
  });

  it('ends at the client when notify ends it, after the last byte, and no other', async () => {
    const { edge, open, notify, upstream } = await setUp();
    const [client, other] = [await opened(edge.port), await opened(edge.port)];
    notify.tell('data: bye');
    open[0]?.outlet.end('over', 'retry: 7\n: over\n\n');
    await client.closed;
    expect(client.received()).toMatch(/data: bye\n\nretry: 7\n: over\n\n$/);
    notify.tell('data: still here');
    await other.until(/still here/);
    expect([edge.streams.size, upstream?.inFlight, open.length]).toEqual([1, 1, 2]);
  });

  it('ends at the client when notify dies, and opens again when it is back', async () => {
    const { edge, notify, upstream } = await setUp();
    const client = await opened(edge.port);
    notify.die();
    await client.closed;
    await eventually(() => expect([edge.streams.size, upstream?.inFlight]).toEqual([0, 0]));
    await opened(edge.port);
    expect(upstream?.breaker.state).toBe('closed');
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

describe('a link', () => {
  it('is not what a client outside can open', async () => {
    const { edge, notify } = await setUp();
    await opened(edge.port);
    for (const path of ['/link', '/api/v1/link', '/api/../link', EVENTS]) {
      const client = rawClient(edge.port);
      client.write(GET(path, 'Connection: Upgrade', 'Upgrade: parley-link.1', 'X-Request-Id: outside'));
      await client.until(/^HTTP\/1\.1 \d+/);
      expect(client.received()).not.toMatch(/^HTTP\/1\.1 101/);
    }
    expect(notify.links.size).toBe(1);
    expect(notify.seen.every(({ url, headers }) => url.startsWith(EVENTS) && !headers.upgrade)).toBe(true);
  });

  it('is given up when notify hangs, so that its streams end and others open elsewhere', async () => {
    const hung = await tcpStandIn((socket) => {
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: parley-link.1\r\n\r\n',
        ),
      );
    });
    const timing = { pingMs: 200 };
    const notify = await notifyStandIn(undefined, { timing });
    const edge = await startEdge({ notify: [hung, notify.url], streams: { timing } });
    for (let i = 0; i < 2; i++) await opened(edge.port);
    expect(notify.seen).toHaveLength(2);
  });
});

describe('a slow client', () => {
  const CHUNK = `data: ${'x'.repeat(64 * 1024)}`;

  it('is dropped when it is too far behind, and nobody else notices', async () => {
    const { edge, open, notify } = await setUp();
    const [slow, fast] = [await opened(edge.port), await opened(edge.port)];
    slow.socket.pause();
    await eventually(
      () => {
        notify.tell(CHUNK);
        expect(edge.streams.size).toBe(1);
      },
      { timeoutMs: 15_000, everyMs: 2 },
    );
    await eventually(() => expect(open[0]?.closed).toEqual(['slow']));
    notify.tell('data: unharmed');
    await fast.until(/unharmed/);
    expect(open[1]?.closed).toEqual([]);
  });

  it('makes its replay wait, and gets everything in the end', async () => {
    const { edge, open } = await setUp();
    const client = await opened(edge.port);
    client.socket.pause();
    const outlet = open[0]?.outlet;
    let written = 0;
    let waiting = false;
    const replay = (async () => {
      for (; written < 200; written++) {
        outlet?.write(Buffer.from(`${CHUNK}\n\n`), 1);
        waiting = true;
        await outlet?.drained(20_000);
        waiting = false;
      }
    })();
    let before = -1;
    await eventually(
      () => {
        const stood = waiting && written === before;
        before = written;
        expect(stood).toBe(true);
      },
      { everyMs: 200 },
    );
    expect(written).toBeLessThan(200);
    client.socket.resume();
    await replay;
    outlet?.end('over');
    await client.closed;
    expect(client.received().match(/data: x/g)).toHaveLength(200);
  });
});

describe('draining', () => {
  it('closes all streams and opens no more', async () => {
    const { edge, open } = await setUp();
    const clients = await Promise.all([1, 2, 3].map(() => opened(edge.port)));
    edge.door.drain();
    await Promise.all(clients.map(({ closed }) => closed));
    expect(clients[0]?.received()).toMatch(/: draining\n\n$/);
    await eventually(() =>
      expect(open.map(({ closed }) => closed)).toEqual([['draining'], ['draining'], ['draining']]),
    );
    expect(edge.streams.size).toBe(0);
    const reply = await askForEvents(edge.url);
    expect(reply.status).toBe(503);
    expect(reply.headers.get('connection')).toBe('close');
  });
});
