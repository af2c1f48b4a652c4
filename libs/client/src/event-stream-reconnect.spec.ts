import { describe, expect, it } from '@jest/globals';
import { frame, messageCreated, problem, ready, settle } from '../test/fakes.js';
import { header, started } from '../test/stream-harness.js';
import { SILENCE_MS } from './event-stream.js';

describe('EventStream reconnecting', () => {
  it('waits longer with each failure, up to thirty seconds', async () => {
    const { stream, clock, requests } = await started({
      replies: Array.from({ length: 9 }, () => new TypeError('down')),
    });
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      if (stream.state.status !== 'waiting') throw new Error(stream.state.status);
      const wait = stream.state.retryAt - clock.now();
      waits.push(wait);
      await clock.advance(wait);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    expect(requests).toHaveLength(9);
  });

  it('takes the pace from retry:', async () => {
    const { stream, clock, last, write } = await started();
    await write('retry: 6000\n\n', ready());
    last().end();
    await settle();
    expect(stream.state).toEqual({ status: 'waiting', attempt: 1, retryAt: clock.now() + 3_000 });
  });

  it('does not come before Retry-After', async () => {
    const { stream, clock } = await started({
      replies: [problem('stream.too_many', { 'retry-after': '20' })],
    });
    expect(stream.state).toEqual({ status: 'waiting', attempt: 1, retryAt: clock.now() + 20_500 });
  });

  it('does not hurry when each connection breaks at once', async () => {
    const { stream, clock, last, write } = await started();
    for (const expected of [1, 2, 3]) {
      await write(ready());
      last().end();
      await settle();
      expect(stream.state).toMatchObject({ status: 'waiting', attempt: expected });
      await clock.advance(10_000);
    }
  });

  it('begins anew after a connection that lasted', async () => {
    const { stream, clock, last, write } = await started({
      replies: [new TypeError('down'), new TypeError('down')],
    });
    await clock.advance(5_000);
    await write(ready());
    await clock.advance(11_000);
    last().end();
    await settle();
    expect(stream.state).toMatchObject({ status: 'waiting', attempt: 1 });
  });

  it('gives up a line that stays silent', async () => {
    const { stream, clock, requests, last, write } = await started();
    await write(ready());
    await clock.advance(SILENCE_MS - 1);
    expect(stream.state.status).toBe('live');
    await clock.advance(1);
    expect(stream.state.status).toBe('waiting');
    expect(last().request.signal.aborted).toBe(true);
    await clock.advance(500);
    expect(requests).toHaveLength(2);
  });

  it('stays while there are heartbeats', async () => {
    const { stream, clock, requests, write } = await started();
    await write(ready());
    for (let i = 0; i < 10; i++) {
      await clock.advance(20_000);
      await write(': beat\n\n');
    }
    expect(stream.state.status).toBe('live');
    expect(requests).toHaveLength(1);
  });

  it('does not wait forever for a connection', async () => {
    const never = {
      urlOf: (path: string) => `http://parley.test${path}`,
      send: () => new Promise<Response>(() => {}),
    };
    const { stream, clock } = await started({ api: never });
    await clock.advance(SILENCE_MS);
    expect(stream.state.status).toBe('waiting');
  });

  it('takes a page instead of a stream for a passing failure', async () => {
    const page = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
    const { stream } = await started({ replies: [page()] });
    expect(stream.state.status).toBe('waiting');
  });

  it('skips the wait on demand', async () => {
    const { stream, requests } = await started({ replies: [new TypeError('down')] });
    stream.retryNow();
    await settle();
    expect(requests).toHaveLength(2);
  });
});

describe('EventStream without a network', () => {
  it('does not try until there is one', async () => {
    const { stream, clock, connectivity, requests } = await started({ online: false });
    await clock.advance(60_000);
    expect(stream.state.status).toBe('offline');
    expect(requests).toHaveLength(0);
    connectivity.set(true);
    await settle();
    expect(requests).toHaveLength(1);
  });

  it('lets go of the connection and resumes at once afterwards', async () => {
    const { stream, connectivity, requests, last, write } = await started();
    await write(ready(), frame(messageCreated(1), 'e-11'));
    connectivity.set(false);
    expect(stream.state.status).toBe('offline');
    expect(last().request.signal.aborted).toBe(true);
    connectivity.set(true);
    await settle();
    expect(header(requests[1])).toBe('e-11');
  });
});
