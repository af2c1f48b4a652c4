import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import type { ExchangeSink, UpstreamConnection } from '../src/upstreams/connection.js';
import { cachedLookup } from '../src/upstreams/address.js';
import { Upstream } from '../src/upstreams/upstream.js';
import {
  AUTH,
  CHANNEL,
  cleanUp,
  closedPort,
  MESSAGES,
  onCleanup,
  problemOf,
  standIn,
  startEdge,
  tcpStandIn,
  type TestEdge,
} from './edge.js';

afterEach(cleanUp);

const post = (edge: TestEdge, body: string) =>
  fetch(`${edge.url}${MESSAGES}`, { method: 'POST', body, headers: AUTH });

describe('an upstream that is down', () => {
  it('is replaced by another one, for any method, as nothing was sent', async () => {
    const chat = await standIn();
    const edge = await startEdge({ chat: [await closedPort(), chat.url] });
    for (let i = 0; i < 10; i += 1) expect((await post(edge, '{}')).status).toBe(200);
    expect(chat.seen).toHaveLength(10);
  });

  it('gives 503 with Retry-After, then at once without trying, then recovers', async () => {
    const dead = await closedPort();
    const edge = await startEdge({
      chat: [dead],
      upstream: { breaker: { failures: 3, openMs: 100, maxOpenMs: 100 } },
    });
    for (let i = 0; i < 4; i += 1) {
      const reply = await post(edge, '{}');
      expect(await problemOf(reply)).toMatchObject({ code: 'unavailable', status: 503 });
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    expect(edge.balancers.chat.upstreams[0]?.breaker.state).toBe('open');
    const revived = await standIn();
    revived.server.closeAllConnections();
    await new Promise((resolve) => revived.server.close(resolve));
    revived.server.listen(Number(new URL(dead).port), '127.0.0.1');
    await eventually(async () => expect((await post(edge, '{}')).status).toBe(200));
    expect(edge.balancers.chat.upstreams[0]?.breaker.state).toBe('closed');
  });

  it('is taken out by 502 and 504, and by a 503 that gives no time, but not by one that sheds load', async () => {
    const statuses = { now: 503, header: {} as Record<string, string> };
    const chat = await standIn((_request, response) =>
      response.writeHead(statuses.now, statuses.header).end(),
    );
    const edge = await startEdge({ chat: [chat.url] });
    statuses.header = { 'retry-after': '1' };
    for (let i = 0; i < 6; i += 1) await fetch(`${edge.url}/api/v1/me`, { headers: AUTH });
    expect(edge.balancers.chat.upstreams[0]?.breaker.state).toBe('closed');
    statuses.header = {};
    for (let i = 0; i < 6; i += 1) await fetch(`${edge.url}/api/v1/me`, { headers: AUTH });
    expect(edge.balancers.chat.upstreams[0]?.breaker.state).toBe('open');
    expect(chat.seen.length).toBe(11);
  });

  it('times out on connecting when nobody picks up', async () => {
    // Reserved for documentation: packets to it vanish or are refused, either is fine.
    const edge = await startEdge({ chat: ['http://192.0.2.1:9'], upstream: { connectMs: 100 } });
    expect(await problemOf(await post(edge, '{}'))).toMatchObject({ code: 'unavailable' });
  });
});

describe('a second attempt', () => {
  /** Answers the first request of a connection, and resets the connection on the next one. */
  const flaky = () => {
    const requests: string[] = [];
    const url = tcpStandIn((socket, connection) => {
      let turns = 0;
      socket.on('data', (bytes) => {
        requests.push(bytes.toString('latin1'));
        turns += 1;
        if (connection === 1 && turns === 2) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      });
    });
    return { url, requests };
  };

  it('is made for GET and PUT when a kept connection turns out dead', async () => {
    const { url, requests } = flaky();
    const edge = await startEdge({ chat: [await url] });
    await (await fetch(`${edge.url}/api/v1/me`, { headers: AUTH })).text();
    const reply = await fetch(`${edge.url}/api/v1/channels/${CHANNEL}/read-cursor`, {
      method: 'PUT',
      body: '{"seq":3}',
      headers: AUTH,
    });
    expect(await reply.text()).toBe('ok');
    expect(requests.map((text) => text.split(' ')[0])).toEqual(['GET', 'PUT', 'PUT']);
    expect(requests[2]).toContain('{"seq":3}');
  });

  it('is never made for POST once bytes were delivered', async () => {
    const { url, requests } = flaky();
    const edge = await startEdge({ chat: [await url, await url] });
    await (await fetch(`${edge.url}/api/v1/me`, { headers: AUTH })).text();
    await eventually(async () => {
      await (await fetch(`${edge.url}/api/v1/me`, { headers: AUTH })).text();
    });
    requests.length = 0;
    const one = await tcpStandIn((socket) =>
      socket.once('data', (bytes) => {
        requests.push(bytes.toString('latin1'));
        socket.resetAndDestroy();
      }),
    );
    const two = await startEdge({ chat: [one, one] });
    expect(await problemOf(await post(two, '{"text":"once"}'))).toMatchObject({ code: 'unavailable' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(requests).toHaveLength(1);
  });

  it('is made once only', async () => {
    let tries = 0;
    const url = await tcpStandIn((socket) =>
      socket.once('data', () => {
        tries += 1;
        socket.resetAndDestroy();
      }),
    );
    const edge = await startEdge({ chat: [url, url] });
    expect((await fetch(`${edge.url}/api/v1/me`, { headers: AUTH })).status).toBe(503);
    expect(tries).toBe(2);
  });

  it('is not made when a reply had begun', async () => {
    let tries = 0;
    const url = await tcpStandIn((socket) =>
      socket.once('data', () => {
        tries += 1;
        socket.write('HTTP/1.1 200 OK\r\nConte');
        setTimeout(() => socket.resetAndDestroy(), 20);
      }),
    );
    const edge = await startEdge({ chat: [url] });
    expect((await fetch(`${edge.url}/api/v1/me`, { headers: AUTH })).status).toBe(503);
    expect(tries).toBe(1);
  });
});

describe('a kept connection', () => {
  it('is read again after a reply that ended while its reader was full', async () => {
    const url = await tcpStandIn((socket) =>
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')),
    );
    const upstream = new Upstream(url, cachedLookup());
    onCleanup(() => upstream.close());
    const exchange = () =>
      new Promise<UpstreamConnection>((resolve, reject) => {
        upstream.acquire({
          refused: reject,
          take: (connection) => {
            const sink: ExchangeSink = {
              head: () => undefined,
              data: () => {
                connection.pause();
                setImmediate(() => resolve(connection));
              },
              end: () => undefined,
              drained: () => undefined,
              broke: reject,
            };
            connection.begin('GET', sink);
            connection.writeText('GET / HTTP/1.1\r\n\r\n');
            connection.endRequest();
          },
        });
      });
    const first = await exchange();
    expect(await exchange()).toBe(first);
  });
});
