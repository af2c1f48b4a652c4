import { afterEach, describe, expect, it } from '@jest/globals';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { eventually } from '#testing';
import {
  cleanUp,
  closedPort,
  EVENTS,
  problemOf,
  rawClient,
  startEdge,
  tcpStandIn,
  type EdgeOptions,
} from './edge.js';
import { askForEvents, GET, notifyStandIn, opened, setUp } from './notify-stand-in.js';

afterEach(cleanUp);

const problem = (status: number, code: string, ...headers: string[]): RequestListener =>
  function refuse(_request, response) {
    const body = JSON.stringify({ code, status });
    const type = ['content-type', 'application/problem+json', 'content-length', String(body.length)];
    response.writeHead(status, [...type, 'x-request-id', 'of notify', ...headers]).end(body);
  };

describe('a stream that cannot be opened', () => {
  const refused = async (url: string, options: EdgeOptions = {}) => {
    const { edge } = await setUp({ ...options, notify: [url] });
    const reply = await askForEvents(edge.url);
    const { code } = (await reply.json()) as { code: string };
    return { status: reply.status, code, retryAfter: reply.headers.get('retry-after'), edge };
  };

  it('is refused by notify in its own words, on a connection that lives on', async () => {
    const { edge, upstream } = await setUp({ requestsPerMinute: 100 }, problem(404, 'workspace.not_found'));
    const client = rawClient(edge.port);
    client.write(GET(EVENTS, 'X-Request-Id: s-1') + GET(EVENTS));
    await client.until(/not_found[^]*not_found[^]*}/);
    expect(client.received()).toMatch(/^HTTP\/1\.1 404 Not Found\r\nx-request-id: s-1\r\n/i);
    const reply = await askForEvents(edge.url);
    expect(reply.headers.get('ratelimit-limit')).toBe('100');
    expect(await problemOf(reply)).toEqual({ code: 'workspace.not_found', status: 404 });
    expect([upstream?.inFlight, upstream?.breaker.state]).toEqual([0, 'closed']);
  });

  it('is opened at another notify when the first has no room', async () => {
    const full = await notifyStandIn(problem(503, 'unavailable', 'retry-after', '10'));
    const notify = await notifyStandIn();
    const edge = await startEdge({ notify: [full.url, notify.url] });
    for (let i = 0; i < 3; i++) await opened(edge.port);
    expect(notify.seen).toHaveLength(3);
    expect(edge.balancers.notify.upstreams.map(({ inFlight }) => inFlight)).toEqual([0, 3]);
  });

  it('is told when to come back when nobody has room', async () => {
    const full = () => notifyStandIn(problem(503, 'unavailable', 'retry-after', '10'));
    const edge = await startEdge({ notify: [(await full()).url, (await full()).url] });
    const reply = await askForEvents(edge.url);
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '10']);
  });

  it('is 503 when notify is down, and its breaker opens', async () => {
    const { edge, ...reply } = await refused(await closedPort());
    expect(reply).toEqual({ status: 503, code: 'unavailable', retryAfter: '1' });
    for (let i = 0; i < 5; i += 1) await askForEvents(edge.url);
    expect(edge.balancers.notify.upstreams[0]?.breaker.state).toBe('open');
    expect(edge.balancers.notify.upstreams[0]?.inFlight).toBe(0);
  });

  it.each([
    ['closes before it says anything', (socket: Socket) => socket.destroy()],
    ['knows no links', (socket: Socket) => socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')],
  ])('is 503 when notify %s', async (_what, listener) => {
    expect(await refused(await tcpStandIn(listener))).toMatchObject({ status: 503, code: 'unavailable' });
  });

  it('is 503 when notify ends the request without a reply', async () => {
    const { edge } = await setUp({}, (request) => void request.socket.destroy());
    expect((await askForEvents(edge.url)).status).toBe(503);
  });

  it('is 503 when notify can not be reached in time', async () => {
    expect(await refused('http://192.0.2.1:9', { upstream: { connectMs: 100 } })).toMatchObject({
      status: 503,
    });
  });

  it('is opened at another notify when the first is down', async () => {
    const notify = await notifyStandIn();
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
