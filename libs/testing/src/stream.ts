/** One frame of an event stream; a comment (the heartbeat) is a frame too. */
export type StreamFrame = { id?: string; event: string; data: string; retry?: number; comment?: string };

export type EventStream = AsyncIterable<StreamFrame> & {
  headers: Headers;
  /** The next frame that satisfies `wanted` (any event by default); rejects after the timeout or at the end. */
  next(wanted?: (frame: StreamFrame) => boolean, timeoutMs?: number): Promise<StreamFrame>;
  close(): Promise<void>;
};

/** The server answered with something else than a stream. */
export class StreamRefused extends Error {
  constructor(
    readonly status: number,
    readonly body: string,
  ) {
    super(`the stream was refused: ${status} ${body}`);
  }
}

/** Reads a frame by the rules of https://html.spec.whatwg.org/multipage/server-sent-events.html. */
export const parseFrame = (text: string): StreamFrame => {
  const frame: StreamFrame = { event: 'message', data: '' };
  const data: string[] = [];
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    const field = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') frame.event = value;
    else if (field === 'id') frame.id = value;
    else if (field === 'retry') frame.retry = Number(value);
    else if (field === '' && at === 0) frame.comment = value;
  }
  frame.data = data.join('\n');
  return frame;
};

const isEvent = (frame: StreamFrame): boolean => frame.data !== '';

async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamFrame> {
  const decoder = new TextDecoder();
  let buffer = '';
  for await (const chunk of body) {
    buffer = (buffer + decoder.decode(chunk, { stream: true })).replaceAll('\r\n', '\n');
    for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
      yield parseFrame(buffer.slice(0, end));
      buffer = buffer.slice(end + 2);
    }
  }
}

/** Opens an event stream as `token` and, with `lastEventId`, resumes it. Rejects with `StreamRefused` unless 200. */
export const openStream = async (url: string, token: string, lastEventId?: string): Promise<EventStream> => {
  const abort = new AbortController();
  const response = await fetch(url, {
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: abort.signal,
  });
  if (response.status !== 200 || !response.body)
    throw new StreamRefused(response.status, await response.text());

  const seen: StreamFrame[] = [];
  let ended = false;
  let wake: () => void = () => undefined;
  const reading = (async () => {
    try {
      for await (const frame of framesOf(response.body as ReadableStream<Uint8Array>)) {
        seen.push(frame);
        wake();
      }
    } catch {
      // Closed by us or broken by the server: an end either way.
    }
    ended = true;
    wake();
  })();

  const take = async (timeoutMs?: number): Promise<StreamFrame | null> => {
    const deadline = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
    while (seen.length === 0) {
      if (ended) return null;
      if (Date.now() >= deadline) throw new Error(`no frame within ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, deadline - Date.now());
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return seen.shift() as StreamFrame;
  };

  return {
    headers: response.headers,
    next: async (wanted = isEvent, timeoutMs = 20_000) => {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const frame = await take(Math.max(0, deadline - Date.now()));
        if (frame === null) throw new Error('the stream has ended');
        if (wanted(frame)) return frame;
      }
    },
    close: async () => {
      abort.abort();
      await reading;
    },
    async *[Symbol.asyncIterator]() {
      for (let frame = await take(); frame !== null; frame = await take()) yield frame;
    },
  };
};
