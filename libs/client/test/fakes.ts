import type { ChannelId, Message, ParleyEvent, ProblemCode } from '#contracts';
import { problems } from '#contracts';
import type { Clock, Connectivity } from '../src/environment.js';

/** Lets everything that is ready to run, run. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

export const fakeClock = (start = 1_700_000_000_000) => {
  let now = start;
  const timers = new Map<object, { at: number; task: () => void }>();
  const clock: Clock = {
    now: () => now,
    after: (ms, task) => {
      const key = {};
      timers.set(key, { at: now + ms, task });
      return () => void timers.delete(key);
    },
  };
  const advance = async (ms: number) => {
    const end = now + ms;
    for (;;) {
      await settle();
      const [key, next] = [...timers].sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (!key || !next || next.at > end) break;
      now = Math.max(now, next.at);
      timers.delete(key);
      next.task();
    }
    now = end;
    await settle();
  };
  return { ...clock, advance, pending: () => [...timers.values()].map(({ at }) => at - now) };
};

export const fakeConnectivity = (online = true) => {
  const listeners = new Set<(online: boolean) => void>();
  const connectivity: Connectivity = {
    isOnline: () => online,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const set = (value: boolean) => {
    online = value;
    for (const listener of listeners) listener(value);
  };
  return { ...connectivity, set, listeners };
};

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

export const problem = (code: ProblemCode, headers: Record<string, string> = {}): Response => {
  const { status, title } = problems[code];
  return json({ type: `urn:parley:problem:${code}`, title, status, code, traceId: 'trace' }, status, headers);
};

/** A reply whose body the spec writes, and which ends when the client goes away. */
export const openStream = (request: Request, contentType = 'text/event-stream; charset=utf-8') => {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({ start: (of) => void (controller = of) });
  const encoder = new TextEncoder();
  request.signal.addEventListener('abort', () => controller?.error(new DOMException('gone', 'AbortError')));
  return {
    request,
    response: new Response(body, { headers: { 'content-type': contentType } }),
    write: (text: string) => controller?.enqueue(encoder.encode(text)),
    end: () => controller?.close(),
    fail: () => controller?.error(new TypeError('network')),
  };
};

const uuid = (n: number) => `019bc0a1-7c00-7a10-8000-${n.toString(16).padStart(12, '0')}`;
export const channelId = (n: number) => uuid(0xc000 + n) as ChannelId;

export const messageCreated = (n: number): ParleyEvent =>
  ({
    id: uuid(n),
    type: 'message.created',
    seq: n,
    data: { message: { id: uuid(n), text: `m${n}` } },
  }) as ParleyEvent;

export const frame = (event: { type: string }, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

export const ready = (cursor = 'e-0') =>
  frame({ type: 'stream.ready', data: { cursor } } as { type: string });
export const resync = (cursor: string) =>
  frame({ type: 'stream.resync', data: { reason: 'expired', cursor } } as { type: string }, cursor);

export const sentMessage = (text: string, clientMessageId: string): Message =>
  ({ id: uuid(1), text, clientMessageId, seq: 1 }) as Message;

/** Catches what `isolate` reports, as a browser's `reportError` would. */
export const reportedErrors = (): unknown[] => {
  const errors: unknown[] = [];
  Object.assign(globalThis, { reportError: (error: unknown) => errors.push(error) });
  return errors;
};
