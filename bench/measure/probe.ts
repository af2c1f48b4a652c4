import { request, type IncomingMessage } from 'node:http';
import type { Endpoint } from './subject.ts';

/** One stream read by the runner itself: it knows the id of the last message event and how many there were. */
export class Probe {
  readonly #reply: IncomingMessage;
  #text = '';
  lastId = '';
  messages = 0;

  constructor(reply: IncomingMessage) {
    this.#reply = reply;
    reply.setEncoding('utf8');
    reply.on('error', () => undefined);
    reply.on('data', (chunk: string) => this.#take(chunk));
  }

  #take(chunk: string): void {
    const frames = (this.#text + chunk).replaceAll('\r\n', '\n').split('\n\n');
    this.#text = frames.pop() ?? '';
    for (const frame of frames) {
      if (!/^event: ?message\.created$/m.test(frame)) continue;
      this.messages += 1;
      this.lastId = /^id: ?(.+)$/m.exec(frame)?.[1] ?? '';
    }
  }

  async until(messages: number, timeoutMs = 15_000): Promise<void> {
    for (const end = Date.now() + timeoutMs; this.messages < messages;) {
      if (Date.now() > end)
        throw new Error(`${this.messages} of ${messages} messages arrived in ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  close(): void {
    this.#reply.destroy();
  }
}

export function openProbe({ port, targets }: Endpoint): Promise<Probe> {
  const target = targets[0];
  const headers = Object.fromEntries(
    (target?.headers ?? []).map((header) => header.split(': ') as [string, string]),
  );
  const { promise, resolve, reject } = Promise.withResolvers<Probe>();
  const outgoing = request(
    { port, path: target?.path, headers: { accept: 'text/event-stream', ...headers } },
    (reply) => {
      if (reply.statusCode === 200) resolve(new Probe(reply));
      else reject(new Error(`stream refused with ${reply.statusCode}`));
    },
  );
  outgoing.once('error', reject);
  outgoing.end();
  return promise;
}
