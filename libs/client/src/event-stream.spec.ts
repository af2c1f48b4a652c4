import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EphemeralEvent } from '#contracts';
import { frame, messageCreated, problem, ready, reportedErrors, resync, settle } from '../test/fakes.js';
import { header, started } from '../test/stream-harness.js';

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

  it('passes on what is true for a moment, as often as it comes, and stays where it is', async () => {
    const heard: EphemeralEvent[] = [];
    const { stream, seen, write } = await started({ onEphemeral: (event) => heard.push(event) });
    const data = { userId: 'u', channelId: 'c', threadId: null };
    const typing = { type: 'typing.started', time: '2026-01-15T09:30:00.000Z', workspaceId: 'w', data };
    const plain = `event: typing.started\ndata: ${JSON.stringify(typing)}\n\n`;
    await write(ready(), frame(messageCreated(1), 'e-11'), plain, plain);
    await write(
      'event: typing.started\ndata: {"type":"typing.started"}\n\n',
      'event: typing.x\ndata: {}\n\n',
    );
    expect(heard).toEqual([typing, typing]);
    expect(seen).toHaveLength(1);
    expect(stream.cursor).toBe('e-11');
  });

  it('goes on when the consumer fails at one event', async () => {
    const reported = reportedErrors();
    const { stream, requests, write } = await started({
      onEvent: (event) => {
        throw new Error(`event ${event.seq}`);
      },
    });
    await write(ready(), frame(messageCreated(1), 'e-11'), frame(messageCreated(2), 'e-12'));
    expect(reported.map(String)).toEqual(['Error: event 1', 'Error: event 2']);
    expect(stream.cursor).toBe('e-12');
    expect(requests).toHaveLength(1);
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
