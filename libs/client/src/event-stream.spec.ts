import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ParleyEvent } from '#contracts';
import {
  fakeClock,
  fakeConnectivity,
  frame,
  messageCreated,
  openStream,
  problem,
  ready,
  resync,
  settle,
} from '../test/fakes.js';
import { EventStream, SILENCE_MS, type EventStreamOptions } from './event-stream.js';

type Opened = ReturnType<typeof openStream>;
type Reply = 'open' | Response | Error;
const running: EventStream[] = [];
afterEach(() => running.splice(0).forEach((stream) => stream.close()));

const setup = (over: Partial<EventStreamOptions> & { replies?: Reply[]; online?: boolean } = {}) => {
  const { replies = [], online = true, ...options } = over;
  const clock = fakeClock();
  const connectivity = fakeConnectivity(online);
  const connections: Opened[] = [];
  const requests: Request[] = [];
  const seen: [ParleyEvent, string][] = [];
  const states: string[] = [];
  let resyncs = 0;
  const stream = new EventStream({
    api: {
      urlOf: (path) => `http://parley.test${path}`,
      send: async (request) => {
        requests.push(request);
        const reply = replies.shift() ?? 'open';
        if (reply instanceof Error) throw reply;
        if (reply !== 'open') return reply;
        const opened = openStream(request);
        connections.push(opened);
        return opened.response;
      },
    },
    url: '/api/v1/workspaces/w/events',
    cursor: 'e-10',
    onEvent: (event, cursor) => seen.push([event, cursor]),
    onState: (state) => states.push(state.status),
    onResync: () => void resyncs++,
    clock,
    connectivity,
    random: () => 0.5,
    ...options,
  });
  running.push(stream);
  const last = () => connections.at(-1) as Opened;
  const write = async (...parts: string[]) => {
    parts.forEach((part) => last().write(part));
    await settle();
  };
  return {
    stream,
    clock,
    connectivity,
    connections,
    requests,
    seen,
    states,
    last,
    write,
    resyncs: () => resyncs,
  };
};

const started = async (over?: Parameters<typeof setup>[0]) => {
  const all = setup(over);
  all.stream.start();
  await settle();
  return all;
};

const header = (request: Request | undefined) => request?.headers.get('last-event-id') ?? null;

describe('EventStream', () => {
  it('starts from the cursor of the bootstrap and delivers events with their cursor', async () => {
    const { requests, seen, states, write } = await started();
    expect(header(requests[0])).toBe('e-10');
    expect(requests[0]?.headers.get('accept')).toBe('text/event-stream');
    await write(ready('e-10'), frame(messageCreated(1), 'e-11'));
    expect(seen).toEqual([[messageCreated(1), 'e-11']]);
    expect(states).toEqual(['connecting', 'live']);
  });

  it('connects once, however often it is started', async () => {
    const { stream, requests } = await started();
    stream.start();
    await settle();
    expect(requests).toHaveLength(1);
  });

  it('resumes after the last event it got, and never shows one twice', async () => {
    const { clock, requests, seen, last, write } = await started();
    await write(ready(), frame(messageCreated(1), 'e-11'), frame(messageCreated(2), 'e-12'));
    last().fail();
    await clock.advance(1_000);
    expect(header(requests[1])).toBe('e-12');
    await write(ready(), frame(messageCreated(2), 'e-12'), frame(messageCreated(3), 'e-13'));
    expect(seen.map(([event]) => event.seq)).toEqual([1, 2, 3]);
  });

  it('keeps the cursor when the connection ends before any event', async () => {
    const { clock, requests, last, write } = await started();
    await write(ready('e-99'));
    last().end();
    await clock.advance(1_000);
    expect(header(requests[1])).toBe('e-10');
  });

  it('skips events and frames it does not know, but moves past them', async () => {
    const { stream, seen, write } = await started();
    const unknown = { ...messageCreated(7), type: 'poll.closed' };
    await write(ready(), frame(unknown, 'e-11'), 'id: e-12\ndata: not json\n\n', 'id: e-13\ndata: 5\n\n');
    await write('id: e-14\nevent: message.created\ndata: {"type":"message.created"}\n\n');
    expect(seen).toEqual([]);
    expect(stream.cursor).toBe('e-14');
  });

  it('takes characters and frames cut anywhere', async () => {
    const event = { ...messageCreated(1), source: 'grüße 🙂' };
    const bytes = new TextEncoder().encode(ready() + frame(event, 'e-11'));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (size) => {
        const { stream, seen, last } = await started({
          api: {
            urlOf: (path) => `http://parley.test${path}`,
            send: async () => {
              const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
                bytes.slice(i * size, (i + 1) * size),
              );
              return new Response(ReadableStream.from(chunks), {
                headers: { 'content-type': 'text/event-stream' },
              });
            },
          },
        });
        expect(last()).toBeUndefined();
        await settle();
        await settle();
        expect(seen).toEqual([[event, 'e-11']]);
        stream.close();
      }),
      { numRuns: 12 },
    );
  });

  describe('resync', () => {
    it('is told once, and the stream goes on from the new cursor', async () => {
      const { stream, resyncs, seen, write } = await started();
      await write(resync('f-3'), frame(messageCreated(4), 'f-4'));
      expect(resyncs()).toBe(1);
      expect(seen).toHaveLength(1);
      expect(stream.cursor).toBe('f-4');
    });

    it('is needed when there was no cursor to start from', async () => {
      const { stream, requests, resyncs, write } = await started({ cursor: null });
      expect(header(requests[0])).toBeNull();
      await write(ready('e-50'));
      expect(resyncs()).toBe(1);
      expect(stream.cursor).toBe('e-50');
      await write(ready('e-60'));
      expect(resyncs()).toBe(1);
    });

    it('is not told for an ordinary start', async () => {
      const { resyncs, write } = await started();
      await write(ready());
      expect(resyncs()).toBe(0);
    });

    it('is tried again until the state could be fetched', async () => {
      let calls = 0;
      const { clock, write } = await started({
        onResync: async () => {
          if (++calls < 3) throw new TypeError('network');
        },
      });
      await write(resync('f-3'), ': beat\n');
      expect(calls).toBe(1);
      await clock.advance(5_000);
      expect(calls).toBe(3);
      await clock.advance(40_000);
      expect(calls).toBe(3);
    });

    it('runs again when another one is demanded meanwhile', async () => {
      let calls = 0;
      const finish: (() => void)[] = [];
      const { write } = await started({
        onResync: () => {
          calls++;
          return new Promise<void>((resolve) => finish.push(resolve));
        },
      });
      await write(resync('f-3'), resync('f-5'), resync('f-6'));
      expect(calls).toBe(1);
      finish.shift()?.();
      await settle();
      expect(calls).toBe(2);
      finish.shift()?.();
      await settle();
      expect(calls).toBe(2);
    });
  });

  describe('reconnecting', () => {
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

  describe('without a network', () => {
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

  describe('closing', () => {
    it.each(['permission.denied', 'workspace.not_found', 'auth.session_revoked'] as const)(
      'closes for good with %s',
      async (code) => {
        const { stream, clock, connectivity, requests } = await started({ replies: [problem(code)] });
        expect(stream.state).toMatchObject({ status: 'closed', problem: { code } });
        connectivity.set(true);
        stream.retryNow();
        stream.start();
        await clock.advance(60_000);
        expect(requests).toHaveLength(1);
        expect(connectivity.listeners.size).toBe(0);
      },
    );

    it.each(['unavailable', 'internal', 'rate_limited'] as const)('does not close with %s', async (code) => {
      const { stream } = await started({ replies: [problem(code)] });
      expect(stream.state.status).toBe('waiting');
    });

    it('delivers nothing more, not even from the chunk at hand', async () => {
      const { stream, clock, requests, seen, write } = await started({
        onEvent: (event) => {
          seen.push([event, '']);
          stream.close();
        },
      });
      await write(ready() + frame(messageCreated(1), 'e-11') + frame(messageCreated(2), 'e-12'));
      await clock.advance(60_000);
      expect(seen).toHaveLength(1);
      expect(requests).toHaveLength(1);
      expect(stream.state).toEqual({ status: 'closed', problem: null });
    });
  });
});
